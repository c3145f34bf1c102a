;; A trap: a division by zero.
;;
;;     watstep run examples/trap_divide.wat
;;
;; trap: integer divide by zero

(local $pieces i32)
(i32.div_s (i32.const 84) (local.get $pieces)) ;; allow: local-unset
