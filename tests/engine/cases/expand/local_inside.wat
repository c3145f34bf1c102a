(i32.const 0)
call (local $x i32) $dbg.i32
local.get (local $y i32) $x
