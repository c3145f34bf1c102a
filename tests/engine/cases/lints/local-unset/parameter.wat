(func $f (param $n i32) (result i32)
  (local.get $n))
(call $f (i32.const 1))
