(argv 0 $a)
(local $word i32)
(if (i32.load (local.get $a))
  (then (local.set $word "yes")))
(resv $word)
(i32.const 0)
;; expect: note pointer-unset 5:1
