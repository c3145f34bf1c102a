(local $i i32)
(block $out
  (loop $again
    (br_if $out (i32.gt_s (local.get $i) (i32.const 9)))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $again)))
(i32.const 0)
