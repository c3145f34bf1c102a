(module
  (func $f)
  (start $f)
  (start $f)
  (func (export "run") (result i32) (i32.const 0)))
;; error: second-start 4:3
;; repaired
