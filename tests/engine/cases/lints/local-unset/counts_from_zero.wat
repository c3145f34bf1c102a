(local $i i32)
(loop $again
  (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br_if $again (i32.lt_s (local.get $i) (i32.const 5))))
(local.get $i)
