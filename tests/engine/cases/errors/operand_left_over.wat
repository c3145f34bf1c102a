(local $x i32)
(local.set $x (i32.const 1) (i32.const 2))
(call $dbg.log "a" "b")
(i32.add (local.get $x) (i32.const 1) (i32.const 5))
;; error: left-over-value 2:15
;; error: left-over-value 3:16
;; error: left-over-value 4:10
;; repaired
