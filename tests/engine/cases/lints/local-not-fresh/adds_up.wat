(local $i i32)
(loop $again
  (local $sum i32)
  (local.set $sum (i32.add (local.get $sum) (local.get $i)))
  (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br_if $again (i32.lt_s (local.get $i) (i32.const 5))))
(local.get $sum)
;; expect: warning local-not-fresh 4:28
