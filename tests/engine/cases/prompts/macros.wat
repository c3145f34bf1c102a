(argv $name 0)
(call $kv.gett (local.get $name))
(local $v i32)
(local $e i32)
(local.set $e)
(local.set $v)
(check $e)
resv $v
(i32.const 0)
