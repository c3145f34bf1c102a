;; profile: core
(module
  (import "env" "memory" (memory 1))
  (data (offset (i32.add (i32.const 1) (i32.const 2))) "x")
  (func (export "run") (result i32) (call $dbg.log "x") (i32.const 0)))
;; error: data-address 4:3
;; error: string-placement 5:52
