(module
  (import "dbg" "i32" (func (param i32)))
  (func $f (export "run") (result i32) (call $dbg.log "x") (call 0 (i32.const 1)) (call 2))
  (func (result i32) (i32.const 1)))
;; error: import-shifts-functions 3:66
;; repaired
