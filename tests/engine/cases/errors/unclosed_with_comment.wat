(call $dbg.log "x" ;; say it
(i32.const 0)
;; error: unclosed-form 1:1
;; repaired
