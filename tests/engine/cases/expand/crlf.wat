(argv 0 $p)
(call $dbg.log """
  a
  b""")
(i32.const 0)
