(argv 0 $word)
(resv $word)
(i32.ne "yes" (local.get $word))
;; expect: warning pointer-compared 3:1
