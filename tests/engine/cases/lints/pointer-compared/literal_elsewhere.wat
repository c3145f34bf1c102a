(call $dbg.log "16")
(i32.const 0)
