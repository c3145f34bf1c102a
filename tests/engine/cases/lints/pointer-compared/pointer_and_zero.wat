(argv 0 $word)
(resv $word)
(i32.eq (local.get $word) (i32.const 0))
