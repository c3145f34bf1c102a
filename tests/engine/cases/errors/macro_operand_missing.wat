(resv (call $dbg.i32 (i32.const 1)))
(i32.const 0)
;; error: stack-underflow 1:1
