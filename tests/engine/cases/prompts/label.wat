(local $i i32)
(loop $l
  (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br_if $loop (i32.lt_s (local.get $i) (i32.const 10))))
(local.get $i)
