(if (i32.const 1)
  then (call $dbg.i32 (i32.const 1)))
)
(i32.const 0)
;; error: unopened-form 2:3
;; repaired
