(if (i32.const 1) (else (i32.const 2) (local $x i32) (local.set $x)))
(i32.const 0)
;; error: if-branches 1:1
;; repaired
