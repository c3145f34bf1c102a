(local $"a b" i32)
(local.set $"a\20b" (i32.const 8))
(func $"f" (param $x i32) (result i32) (i32.add (local.get $"x") (i32.const 1)))
(call $f (local.get $"a b"))
;; expect: 9
