(if (result i32) (i32.const 1) (then (i32.const 5)))
;; error: if-without-else 1:1
;; repaired
