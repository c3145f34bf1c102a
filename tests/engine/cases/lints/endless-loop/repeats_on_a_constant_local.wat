(argv 0 $a)
(resv $a)
(local $n i32)
(local.set $n (i32.load (local.get $a)))
(loop $again
  (call $dbg.i32 (local.get $n))
  (br_if $again (local.get $n)))
(i32.const 0)
;; expect: warning endless-loop 5:1
