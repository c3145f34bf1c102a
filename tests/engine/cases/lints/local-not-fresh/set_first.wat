(local $i i32)
(loop $again
  (local $double i32)
  (local.set $double (i32.mul (local.get $i) (i32.const 2)))
  (call $dbg.i32 (local.get $double))
  (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br_if $again (i32.lt_s (local.get $i) (i32.const 5))))
(i32.const 0)
