(local $n i32) (local $m i32)
(local.set $n (call $sys.argc))
(local.set $m (call $sys.argc))
(if (i32.eq (local.get $n) (local.get $n)) (then (call $dbg.i32 (i32.const 1))))
(if (i32.lt_s (i32.add (local.get $n) (local.get $m)) (i32.add (local.get $n) (local.get $m)))
  (then (call $dbg.i32 (i32.const 2))))
(block $out (br_if $out (i32.sub (local.get $n) (local.get $n))))
(i32.const 0)
;; expect: warning constant-condition 4:1
;; expect: warning constant-condition 5:1
;; expect: warning constant-condition 7:13
