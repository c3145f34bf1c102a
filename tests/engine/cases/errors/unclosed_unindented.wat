(module
(func $a (result i32)
(i32.const 1)
(func $b (result i32)
(i32.const 1)
)
(export "run" (func $b))
)
;; error: unclosed-form 2:1
;; repaired
