(local $_spare i32) (local $unused i32)
(local.set $unused (i32.const 1))
(i32.const 0)
