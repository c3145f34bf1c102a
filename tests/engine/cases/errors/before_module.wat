i32.const 0
(module (func (export "run") (result i32) (i32.const 0)))
;; error: extra-module 1:1
;; error: extra-module 1:11
;; repaired
