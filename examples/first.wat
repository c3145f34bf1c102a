;; The smallest program: a constant is the answer.
;;
;;     watstep run examples/first.wat
;;
;; expect: 42

(module
    (func $run (result i32)
        (i32.const 42)
    )
    (export "run" (func $run))
)
