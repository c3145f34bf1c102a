(local $x i32)
(local.set $x (i32.const 1))
(i32.const 0)
;; expect: warning unused-local 2:1
