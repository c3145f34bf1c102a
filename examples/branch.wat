;; A conditional with a result: both arms leave one i32 on the stack.
;;
;;     watstep run examples/branch.wat
;;
;; expect: 1

(module
    (func $run (result i32)
        (local $x i32)

        (i32.const 7)
        (local.set $x)

        (if (result i32) (i32.gt_s (local.get $x) (i32.const 5))
            (then (i32.const 1))
            (else (i32.const 0))
        )
    )
    (export "run" (func $run))
)
