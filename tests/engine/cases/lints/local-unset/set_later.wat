(local $x i32) (local $y i32)
(local.set $y (local.get $x))
(local.set $x (i32.const 1))
(i32.add (local.get $x) (local.get $y))
;; expect: warning local-unset 2:15
