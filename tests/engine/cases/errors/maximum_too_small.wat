(memory 0 0)
(export "memory" (memory 0))
(call $dbg.log "x")
(i32.const 0)
;; error: memory-too-small 1:11
;; repaired
