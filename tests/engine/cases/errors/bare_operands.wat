(local $x i32)
(i32.add $x 1)
;; error: bare-operand 2:10
;; error: bare-operand 2:13
;; repaired
