(local $i i32)
(loop $again
  (if (i32.gt_s (local.get $i) (i32.const 9))
    (then (return (local.get $i))))
  (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br $again))
(i32.const 0)
