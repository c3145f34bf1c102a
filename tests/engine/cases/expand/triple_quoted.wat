(call $dbg.log """
    two "quoted"
      lines
    """)
(i32.const 0)
