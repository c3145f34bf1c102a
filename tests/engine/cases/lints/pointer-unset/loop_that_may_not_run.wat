(argv 0 $a)
(local $word i32) (local $i i32)
(block $done
  (loop $again
    (br_if $done (i32.ge_s (local.get $i) (i32.load (local.get $a))))
    (local.set $word "once")
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $again)))
(resv $word)
(i32.const 0)
;; expect: note pointer-unset 9:1
