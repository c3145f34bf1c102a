(local $x i32)
(local.get $x)
;; expect: warning local-unset 2:1
