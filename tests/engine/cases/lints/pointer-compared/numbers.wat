(argv 0 $word)
(resv $word)
(i32.eq (i32.load (local.get $word)) (i32.const 16))
