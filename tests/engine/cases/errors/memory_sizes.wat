(module
  (memory 3 2)
  (func (export "run") (result i32) (i32.const 0)))
;; error: bad-memory 2:13
;; repaired
