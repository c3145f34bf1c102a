(loop
  (call $dbg.i32 (i32.const 1)))
(i32.const 0)
