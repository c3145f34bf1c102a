(local $x i32)
(local.set $x (select (i32.const 1) (i32.const 2) (call $sys.argc)))
(drop (local.get $x))
(i32.const 0)
