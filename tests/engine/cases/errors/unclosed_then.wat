(if (i32.const 1)
  (then
    (call $dbg.log "a")
  (else
    (call $dbg.log "b")))
(i32.const 0)
;; error: unclosed-form 2:3
;; repaired
