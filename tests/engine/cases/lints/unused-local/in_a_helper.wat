(func $f (param $n i32) (result i32)
  (local $spare i32)
  (local.get $n))
(call $f (i32.const 1))
;; expect: warning unused-local 2:3
