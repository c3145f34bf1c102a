(return (i32.const 1))
(call $dbg.i32 (i32.const 2))
;; expect: warning unreachable-code 2:1
