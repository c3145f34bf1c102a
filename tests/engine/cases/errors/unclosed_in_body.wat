(call $dbg.log "x"
(local $x i32)
(local.set $y (i32.const 1))
(i32.const 0)
;; error: unclosed-form 1:1
;; error: unknown-local 3:12
;; repaired
