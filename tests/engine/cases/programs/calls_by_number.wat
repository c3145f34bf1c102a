(module
  (import "dbg" "i32" (func (param i32)))
  (func (result i32) (call 0 (i32.const 9)) (i32.const 5))
  (func (export "run") (param) (result i32)
    (local i32)
    (local.set 0 (call 1))
    (block (loop (br_if 1 (i32.eq (local.get 0) (i32.const 5))) (br 0)))
    (local.get 0)))
;; log: 9
;; expect: 5
