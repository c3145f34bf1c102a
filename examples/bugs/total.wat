;; Add the numbers of a text such as `12,7,30` and answer with the sum.
;; Written by a model; it does not do what it was asked to: the result should be 49.
;;
;;     watstep run examples/bugs/total.wat 12,7,30
;;
;; args: 12,7,30

;; ---- reading text ------------------------------------------------------------------------------

;; The byte at an index of a text value.
(func $byte_of (param $text i32) (param $index i32) (result i32)
    (i32.and
        (i32.load (i32.add (i32.add (local.get $text) (i32.const 4)) (local.get $index)))
        (i32.const 255)
    )
)

;; Whether a byte is a digit.
(func $is_digit (param $byte i32) (result i32)
    (i32.and
        (i32.ge_s (local.get $byte) (i32.const 48))
        (i32.le_s (local.get $byte) (i32.const 57))
    )
)

;; Where the number that begins at `start` ends: the index of the first byte that is no digit.
(func $end_of_number (param $text i32) (param $start i32) (result i32)
    (local $length i32)
    (local $index i32)
    (local.set $length (i32.load (local.get $text)))
    (local.set $index (local.get $start))
    (block $break
        (loop $continue
            (br_if $break (i32.ge_s (local.get $index) (local.get $length)))
            (br_if $break
                (i32.eq
                    (call $is_digit (call $byte_of (local.get $text) (local.get $index)))
                    (i32.const 0)
                )
            )
            (local.set $index (i32.add (local.get $index) (i32.const 1)))
            (br $continue)
        )
    )
    (local.get $index)
)

;; The number whose digits stand from `start` up to `end`.
(func $number (param $text i32) (param $start i32) (param $end i32) (result i32)
    (local $value i32)
    (local $index i32)
    (local.set $index (local.get $start))
    (block $break
        (loop $continue
            (br_if $break (i32.gt_s (local.get $index) (local.get $end)))
            (local.set $value
                (i32.add
                    (i32.mul (local.get $value) (i32.const 10))
                    (i32.sub
                        (call $byte_of (local.get $text) (local.get $index))
                        (i32.const 48)
                    )
                )
            )
            (local.set $index (i32.add (local.get $index) (i32.const 1)))
            (br $continue)
        )
    )
    (local.get $value)
)

;; ---- the program -------------------------------------------------------------------------------

(argv 0 $numbers)

(local $length i32)
(local $index i32)
(local $end i32)
(local $sum i32)
(local $count i32)

(local.set $length (i32.load (local.get $numbers)))

(block $done
    (loop $next
        (br_if $done (i32.ge_s (local.get $index) (local.get $length)))

        ;; One number.
        (local.set $end (call $end_of_number (local.get $numbers) (local.get $index)))
        (if (i32.eq (local.get $end) (local.get $index))
            (then
                (call $dbg.log "a number is missing")
                (return (i32.const -1))
            )
        )
        (local.set $sum
            (i32.add
                (local.get $sum)
                (call $number (local.get $numbers) (local.get $index) (local.get $end))
            )
        )
        (local.set $count (i32.add (local.get $count) (i32.const 1)))

        ;; Past the comma.
        (local.set $index (i32.add (local.get $end) (i32.const 1)))
        (br $next)
    )
)

(call $dbg.log "numbers added:")
(call $dbg.i32 (local.get $count))
(local.get $sum)
