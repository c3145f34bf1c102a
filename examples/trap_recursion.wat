;; A trap: a function that calls itself without end.
;;
;;     watstep run examples/trap_recursion.wat
;;
;; trap: call depth

(func $down (param $n i32) (result i32)
    (i32.add (i32.const 1) (call $down (i32.add (local.get $n) (i32.const 1)))))

(call $down (i32.const 0))
