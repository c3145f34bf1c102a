(local.set $x (i32.const 1))
(local $x i32)
(local.get $x)
;; expect: warning local-used-early 1:1
