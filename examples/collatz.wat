;; Exercise 3: how many Collatz steps lead from 27 to 1. A helper function makes one step.
;;
;;     watstep run examples/collatz.wat
;;
;; expect: 111

(func $step (param $n i32) (result i32)
    (if (result i32) (i32.eq (i32.rem_s (local.get $n) (i32.const 2)) (i32.const 0))
        (then (i32.div_s (local.get $n) (i32.const 2)))
        (else (i32.add (i32.mul (local.get $n) (i32.const 3)) (i32.const 1)))))

(local $n i32) (local $steps i32)
(local.set $n (i32.const 27))
(block $break
    (loop $continue
        (br_if $break (i32.eq (local.get $n) (i32.const 1)))
        (local.set $n (call $step (local.get $n)))
        (local.set $steps (i32.add (local.get $steps) (i32.const 1)))
        (br $continue)))
(local.get $steps)
