(call $dbg.log (i32.const "text"))
(i32.const 0)
;; error: missing-immediate 1:16
;; repaired
