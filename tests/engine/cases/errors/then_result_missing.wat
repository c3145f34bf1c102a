(if (result i32) (i32.const 1)
  (then (call $dbg.i32 (i32.const 1)))
  (else (i32.const 2)))
;; error: missing-value 1:1
;; repaired
