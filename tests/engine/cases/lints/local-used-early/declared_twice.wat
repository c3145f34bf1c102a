(local $x i32)
(local.set $x (i32.const 1))
(local $x i32)
(local.get $x)
