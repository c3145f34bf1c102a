(call $dbg.log """
  a
    b "q" 'q' \"\t
  """)
(i32.const 0)
