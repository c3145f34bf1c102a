(call $log "x")
(i32.const 0)
;; error: unknown-function 1:7
;; repaired
