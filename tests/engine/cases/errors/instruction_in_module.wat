(module
  (call $x)
  (fucn (export "run") (result i32) (i32.const 0)))
;; error: unknown-field 2:4
;; error: unknown-field 3:4
