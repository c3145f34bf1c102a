(module
  (func (result i32) (call $dbg.log "x") (i32.const 0))
  (export "run" (func 0)))
;; error: import-shifts-functions 3:23
;; repaired
