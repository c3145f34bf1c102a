;; A trap: four bytes at 65533 end one past the only page of memory.
;;
;;     watstep run examples/trap_memory.wat
;;
;; trap: out of bounds memory access

(i32.store (i32.const 65532) (i32.const 42))
(i32.load (i32.const 65533))
