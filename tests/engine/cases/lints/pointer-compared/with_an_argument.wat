(argv 0 $word)
(resv $word)
(i32.eq (local.get $word) "yes")
;; expect: warning pointer-compared 3:1
