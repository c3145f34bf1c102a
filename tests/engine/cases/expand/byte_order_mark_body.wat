(call $dbg.log "a")
(i32.const 0)
