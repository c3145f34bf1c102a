(argv 0 $word)
(if (i32.eq (local.get $word) "go")
  (then (resv $word)))
(i32.const 0)
;; expect: warning pointer-compared 2:5
