(local.set $x (i32.const 1))
(local $x i32)
(i32.const 0)
;; warning: local-used-early 1:12
