(call $kv.get "a")
(local $err i32) (local $length i32)
(local.set $err)
i32.const 4
i32.sub
(local.set $length)
(check $length)
(call $dbg.i32 (local.get $err))
(i32.const 0)
