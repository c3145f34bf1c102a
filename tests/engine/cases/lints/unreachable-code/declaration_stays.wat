(local $x i32)
(local.set $x (i32.const 1))
(return (local.get $x))
(call $dbg.i32 (i32.const 2)) ;; a remark
(call $dbg.i32 (i32.const 2))
;; expect: warning unreachable-code 4:1
