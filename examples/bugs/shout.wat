;; Answer with a text in capitals between two marks, `>> QUIET PLEASE <<`, and log both: the marked
;; text and the capitals alone.
;; Written by a model; it does not do what it was asked to: the second line of the log should be
;; `QUIET PLEASE`, and is empty.
;;
;;     watstep run examples/bugs/shout.wat "quiet please"
;;
;; args: "quiet please"

;; ---- memory ------------------------------------------------------------------------------------

;; The byte at an address.
(func $byte_at (param $address i32) (result i32)
    (i32.and (i32.load (local.get $address)) (i32.const 255))
)

;; Copy the bytes of a text to an address; the address after the last one.
(func $append (param $text i32) (param $to i32) (result i32)
    (local $length i32)
    (local $index i32)
    (local.set $length (i32.load (local.get $text)))
    (block $break
        (loop $continue
            (br_if $break (i32.ge_s (local.get $index) (local.get $length)))
            (i32.store
                (i32.add (local.get $to) (local.get $index))
                (call $byte_at
                    (i32.add
                        (i32.add (local.get $text) (i32.const 4))
                        (local.get $index)
                    )
                )
            )
            (local.set $index (i32.add (local.get $index) (i32.const 1)))
            (br $continue)
        )
    )
    (i32.add (local.get $to) (local.get $length))
)

;; ---- letters -----------------------------------------------------------------------------------

;; A byte in capitals, where it is a small letter.
(func $capital (param $byte i32) (result i32)
    (if (i32.and
            (i32.ge_s (local.get $byte) (i32.const 97))
            (i32.le_s (local.get $byte) (i32.const 122)))
        (then (return (i32.sub (local.get $byte) (i32.const 32))))
    )
    (local.get $byte)
)

;; Put the capitals of a text into a buffer, as a text value.
(func $capitals (param $text i32) (param $buffer i32)
    (local $length i32)
    (local $index i32)
    (local $word i32)
    (local.set $length (i32.load (local.get $text)))
    (i32.store (local.get $buffer) (local.get $length))
    (block $break
        (loop $continue
            (br_if $break (i32.ge_s (local.get $index) (local.get $length)))
            (local.set $word
                (call $capital
                    (call $byte_at
                        (i32.add
                            (i32.add (local.get $text) (i32.const 4))
                            (local.get $index)
                        )
                    )
                )
            )
            (i32.store
                (i32.add
                    (i32.add (local.get $buffer) (i32.const 4))
                    (local.get $index)
                )
                (local.get $word)
            )
            (local.set $index (i32.add (local.get $index) (i32.const 1)))
            (br $continue)
        )
    )
)

;; ---- the program -------------------------------------------------------------------------------

(argv 0 $text)

;; One piece of memory for both buffers: the marked text first, the capitals after it.
(local $length i32)
(local.set $length (i32.load (local.get $text)))
(local $buffer i32)
(local $buffer_err i32)
(call $sys.alloc (i32.add (i32.mul (local.get $length) (i32.const 2)) (i32.const 32)))
(local.set $buffer_err)
(local.set $buffer)
(check $buffer_err)

;; The capitals stand behind the marked text: its length, its bytes, and three for each mark.
(local $loud i32)
(local.set $loud
    (i32.add (local.get $buffer) (i32.add (local.get $length) (i32.const 10)))
)
(call $capitals (local.get $text) (local.get $loud))

;; `>> ` + capitals + ` <<`
(local $at i32)
(i32.store (local.get $buffer) (i32.add (local.get $length) (i32.const 6)))
(local.set $at (i32.add (local.get $buffer) (i32.const 4)))
(local.set $at (call $append ">> " (local.get $at)))
(local.set $at (call $append (local.get $loud) (local.get $at)))
(local.set $at (call $append " <<" (local.get $at)))

(call $dbg.log (local.get $buffer))

;; The capitals alone go to the log as well.
(call $dbg.log (local.get $loud))
(resv $buffer)
(i32.const 0)
