(call $dbg.i32 (i32.add (i32.const 1)) (i32.const 2)))
(i32.const 0)
;; error: stray-parenthesis 1:38
;; repaired
