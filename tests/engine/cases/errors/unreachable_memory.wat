(module
  (import "http" "get" (func $g (param i32) (result i32 i32)))
  (memory 1)
  (func (export "run") (result i32) (i32.const 0)))
;; error: unreachable-memory 2:3
;; repaired
