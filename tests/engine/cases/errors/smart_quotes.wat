(call $dbg.log “hello (big) world”)
(i32.add (i32.const 1))
;; error: bad-token 1:16
;; error: stack-underflow 2:1
;; repaired
