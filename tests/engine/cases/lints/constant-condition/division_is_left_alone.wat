(if (i32.div_s (i32.const 1) (i32.const 1))
  (then (call $dbg.i32 (i32.const 2))))
(i32.const 0)
