(block $b
  (call $dbg.log "x")))
  (call $dbg.log "y")
)
(i32.const 0)
;; error: stray-parenthesis 2:22
;; error: stray-parenthesis 2:23
;; repaired
