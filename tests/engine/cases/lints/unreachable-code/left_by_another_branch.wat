(argv 0 $a)
(resv $a)
(block $out
  (if (i32.load (local.get $a))
    (then (br $out)))
  (return (i32.const 1)))
(call $dbg.i32 (i32.const 3))
(i32.const 0)
