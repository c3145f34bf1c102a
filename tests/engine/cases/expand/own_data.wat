(data (i32.const 20) "abc")
(data (i32.const 4) "\ff\00")
(call $dbg.log "after")
"alone"
local.set $p
(local $p i32)
(local.get $p)
