(module
  (func $run (export "run") (result i32)
    (call $helper (i32.const 1)))
  (func $helper (param $n i32)
    (call $dbg.i32 (local.get $m))))
