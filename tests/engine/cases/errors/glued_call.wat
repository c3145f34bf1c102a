(call $dbg.log"x") (i32.const 0)
;; error: glued-tokens 1:15
;; repaired
