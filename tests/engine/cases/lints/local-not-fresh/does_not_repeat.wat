(local $sum i32)
(local.set $sum (i32.const 1))
(loop
  (local $part i32)
  (local.set $part (local.get $sum))
  (local.set $sum (i32.add (local.get $part) (i32.const 1))))
(local.get $sum)
