;; The block and loop pattern: 1 + 2 + ... + 10.
;;
;;     watstep run examples/sum.wat
;;
;; expect: 55

(module
    (func $run (result i32)
        (local $sum i32)
        (local $i i32)

        (i32.const 0)
        (local.set $sum)

        (i32.const 1)
        (local.set $i)

        (block $break
            (loop $continue
                ;; if i > 10, break
                (br_if $break (i32.gt_s (local.get $i) (i32.const 10)))

                ;; sum = sum + i
                (i32.add (local.get $sum) (local.get $i))
                (local.set $sum)

                ;; i = i + 1
                (i32.add (local.get $i) (i32.const 1))
                (local.set $i)

                ;; continue loop
                (br $continue)
            )
        )

        (local.get $sum)
    )
    (export "run" (func $run))
)
