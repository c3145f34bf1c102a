(module
  (func (export "run") (result i32)
    (i32.load (i32.const 0))))
;; error: unknown-memory 3:5
;; repaired
