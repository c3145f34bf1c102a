(call $dbg.i32 (i32.const 1))
call $dbg.i32 (i32.const 2))
(i32.const 0)
;; error: unopened-form 2:1
;; repaired
