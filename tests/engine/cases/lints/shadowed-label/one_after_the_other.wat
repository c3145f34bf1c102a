(block $l
  (call $dbg.i32 (i32.const 1)))
(block $l
  (call $dbg.i32 (i32.const 2)))
(i32.const 0)
