(local $i i32) (local $j i32)
(loop $outer
  (local.set $j (i32.const 0))
  (loop $inner
    (local $count i32)
    (local.set $count (i32.add (local.get $count) (i32.const 1)))
    (local.set $j (i32.add (local.get $j) (i32.const 1)))
    (br_if $inner (i32.lt_s (local.get $j) (i32.const 3))))
  (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br_if $outer (i32.lt_s (local.get $i) (i32.const 3))))
(local.get $count)
;; expect: warning local-not-fresh 6:32
