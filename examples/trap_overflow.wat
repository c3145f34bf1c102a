;; A trap: the smallest number divided by -1 has no answer that fits.
;;
;;     watstep run examples/trap_overflow.wat
;;
;; trap: integer overflow

(local $smallest i32)
(local.set $smallest (i32.const -2147483648))
(i32.div_s (local.get $smallest) (i32.const -1))
