(if (i32.gt_s (i32.add (i32.const 2) (i32.const 3)) (i32.const 4))
  (then (call $dbg.i32 (i32.const 2))))
(i32.const 0)
;; expect: warning constant-condition 1:1
