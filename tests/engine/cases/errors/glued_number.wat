(call $dbg.log (i32.const 0"abc"))
;; error: glued-tokens 1:28
;; repaired
