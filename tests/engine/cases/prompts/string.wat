(call $dbg.log "hello)
(i32.const 0)
