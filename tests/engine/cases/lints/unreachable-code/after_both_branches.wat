(argv 0 $a)
(resv $a)
(if (i32.load (local.get $a))
  (then (return (i32.const 1)))
  (else (return (i32.const 2))))
(call $dbg.i32 (i32.const 3))
(i32.const 0)
;; expect: warning unreachable-code 6:1
