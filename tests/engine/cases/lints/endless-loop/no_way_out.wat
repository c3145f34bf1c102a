(local $i i32)
(loop $forever
  (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (call $dbg.i32 (local.get $i))
  (br $forever))
(i32.const 0)
;; expect: warning endless-loop 2:1
