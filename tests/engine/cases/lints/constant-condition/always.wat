(block $out
  (br_if $out (i32.const 1))
  (call $dbg.i32 (i32.const 2)))
(i32.const 0)
;; expect: warning constant-condition 2:3
