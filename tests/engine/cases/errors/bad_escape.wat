(call $dbg.log "a\qb\d")
(i32.const 0)
;; error: bad-escape 1:16
;; repaired
