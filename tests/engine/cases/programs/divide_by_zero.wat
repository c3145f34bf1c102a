(i32.div_s "x" (i32.const 0))
;; trap: integer divide by zero
