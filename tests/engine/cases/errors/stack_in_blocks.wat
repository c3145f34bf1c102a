(local $x i32)
(block
  (local.set $x))
(loop
  (i32.const 7))
(if (local.get $x)
  (then (i32.const 1))
  (else (local.set $x)))
(i32.const 0)
;; error: stack-underflow 3:3
;; error: left-over-value 5:3
;; error: left-over-value 7:9
;; error: stack-underflow 8:9
;; repaired
