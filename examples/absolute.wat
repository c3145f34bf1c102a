;; Exercise 2: the absolute value of -42, with if, then and else.
;;
;;     watstep run examples/absolute.wat
;;
;; expect: 42

(local $x i32)
(local.set $x (i32.const -42))
(if (result i32) (i32.lt_s (local.get $x) (i32.const 0))
    (then (i32.sub (i32.const 0) (local.get $x)))
    (else (local.get $x)))
