(local $x i32)
;; allow: unused-local
(local.set $x (i32.const 1))
(local.get $x)
;; expect: warning useless-allow 2:11
