(argv 0 $p)
(resv $p)
(i32.const 0)
