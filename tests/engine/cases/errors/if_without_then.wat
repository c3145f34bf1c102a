(if (result i32) (i32.const 1) (i32.const 2) (i32.const 3))
;; error: if-branches 1:1
;; repaired
