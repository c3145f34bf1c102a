(block $out
  (br $out)
  (call $dbg.i32 (i32.const 1)))
(i32.const 0)
;; expect: warning unreachable-code 3:3
