(local $x i32) (local.set $x (i32.const 1)) ;; c
(local $y i32) ;; d
(local $z i32)(local $w i32) (local.get $x)
