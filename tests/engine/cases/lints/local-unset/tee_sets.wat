(local $x i32)
(i32.add (local.tee $x (i32.const 1)) (local.get $x))
