(local i32 i32)
(local.set 1 (i32.const 6))
(local $x i32)
(local.set $x (i32.const 3))
(i32.add (local.get 1) (local.get 2))
;; expect: 9
