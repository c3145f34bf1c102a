(module (func (export "run") (result i32) (i32.const 0)))
(i32.const 4)
;; error: extra-module 2:1
;; repaired
