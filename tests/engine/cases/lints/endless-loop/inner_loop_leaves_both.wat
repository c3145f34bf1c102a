(local $i i32)
(block $out
  (loop $outer
    (loop $inner
      (br_if $out (i32.gt_s (local.get $i) (i32.const 9)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $inner (i32.rem_s (local.get $i) (i32.const 3))))
    (br $outer)))
(local.get $i)
