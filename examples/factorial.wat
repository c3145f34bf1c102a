;; Exercise 1: the factorial of 7, with a loop.
;;
;;     watstep run examples/factorial.wat
;;
;; expect: 5040

(local $product i32) (local $n i32)
(local.set $product (i32.const 1))
(local.set $n (i32.const 7))
(block $break
    (loop $continue
        (br_if $break (i32.le_s (local.get $n) (i32.const 1)))
        (local.set $product (i32.mul (local.get $product) (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $continue)))
(local.get $product)
