(local $e i32)
(check $e)
(local.set $e (i32.const 7))
(check $e)
(i32.const 0)
;; expect: 7
