(call $dbg.log "a\ff")
(i32.const 0)
;; error: not-utf8 1:16
