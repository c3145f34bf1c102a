(i32.const 0)
;; allow: unused-local, local-unset
(local $z i32) (local $y i32) (call $dbg.i32 (local.get $y))
