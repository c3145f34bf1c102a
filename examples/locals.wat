;; Local variables: declared at the top of the function, set, and read again.
;;
;;     watstep run examples/locals.wat
;;
;; expect: 42

(module
    (func $run (result i32)
        (local $a i32)
        (local $b i32)

        (i32.const 10)
        (local.set $a)

        (i32.const 32)
        (local.set $b)

        (i32.add (local.get $a) (local.get $b))
    )
    (export "run" (func $run))
)
