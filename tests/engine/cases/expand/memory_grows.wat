(memory (export "memory") 0)
(call $dbg.log "x")
(i32.const 0)
