(call $dbg.log "tab\tü")
(call $dbg.log "tab\09\c3\bc")
(call $dbg.log "")
(i32.const 0)
