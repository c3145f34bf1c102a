(call $dbg.log "hello))
(i32.const 0)
;; error: unclosed-string 1:16
;; error: stray-parenthesis 1:23
;; repaired
