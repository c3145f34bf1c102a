(module
  (func $a (result i32)
    (i32.add (i32.const 1) (i32.const 2))
  (func $b (result i32)
    (i32.mul (i32.const 1)))
  (export "run" (func $b))
)
;; error: unclosed-form 2:3
;; error: stack-underflow 5:5
;; repaired
