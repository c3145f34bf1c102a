;; profile: core
(module
  (import "env" "memory" (memory 1))
  (data (offset (i32.const 0) (nop)) "x")
  (func (export "run") (result i32) (call $dbg.log "x") (i32.const 0)))
;; error: data-address 4:3
