(module
  (memory 1)
  (data (i32.const 65535) "xyz")
  (func (export "run") (result i32) (i32.const 0)))
;; error: data-outside 3:3
;; repaired
