(local $i i32)
(local.set $i (i32.const 0))
(block $out
  (loop $again
    (br_if $out (i32.gt_s (local.get $i) (i32.const 9)))
    (call $dbg.i32 (local.get $i))
    (br $again)))
(i32.const 0)
;; expect: warning endless-loop 4:3
