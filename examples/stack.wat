;; The stack table of the article: step it, and the trace draws the same picture.
;;
;;     watstep run examples/stack.wat
;;
;; expect: 150
;; trace: [10] [10, 20] [30] [30, 5] [150]

(i32.const 10)
(i32.const 20)
(i32.add)
(i32.const 5)
(i32.mul)
