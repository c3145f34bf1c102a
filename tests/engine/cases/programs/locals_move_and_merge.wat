(block
  (local $x i32)
  (local.set $x (i32.const 4)))
(local $x i32)
(i32.add (local.get $x) (i32.const 1))
;; expect: 5
