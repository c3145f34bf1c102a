(block (result i32)
  (call $dbg.i32 (i32.const 1)))
;; error: missing-value 1:1
;; repaired
