(module
  (memory 1 2 3)
  (data (i32.const 65535) "xyz")
  (func (export "run") (result i32) (i32.const 0)))
;; error: bad-memory 2:3
;; error: unexpected 2:15
