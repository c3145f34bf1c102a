(func $twice (param $n i32) (result i32) (i32.mul (local.get $n) (i32.const 2)))
(call $twic (i32.const 4))
;; error: unknown-function 2:7
;; repaired
