(module
  (memory 1)
  (import "dbg" "i32" (func (param i32)))
  (func (export "run") (result i32) (i32.const 0)))
;; error: late-import 3:3
;; repaired
