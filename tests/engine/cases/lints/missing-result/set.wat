(argv 0 $text)
(resv $text)
(i32.const 0)
