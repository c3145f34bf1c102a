(call $dbg.log "done")
;; error: missing-value 1:23
;; repaired
