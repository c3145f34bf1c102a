(local $sum i32)
(local.set $sum (i32.add (local.get $sum) (i32.const 2)))
(local.get $sum)
;; expect: warning local-unset 2:26
