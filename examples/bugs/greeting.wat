;; Greet a visitor by the name and the city that are kept in the store, and count the visits.
;; Written by a model; it does not do what it was asked to: the answer should be
;; `Welcome back, Ada from London.` with the result 0.
;;
;;     watstep run examples/bugs/greeting.wat ada --grant kv
;;
;; args: ada
;; grant: kv

;; ---- text helpers ------------------------------------------------------------------------------

;; The byte at an address.
(func $byte_at (param $address i32) (result i32)
    (i32.and (i32.load (local.get $address)) (i32.const 255))
)

;; Put one byte at an address and leave the three after it as they are.
(func $put_byte (param $address i32) (param $byte i32)
    (i32.store
        (local.get $address)
        (i32.or
            (i32.and (i32.load (local.get $address)) (i32.const -256))
            (local.get $byte)
        )
    )
)

;; Copy `count` bytes.
(func $copy (param $from i32) (param $to i32) (param $count i32)
    (local $done i32)
    (block $break
        (loop $continue
            (br_if $break (i32.ge_s (local.get $done) (local.get $count)))
            (call $put_byte
                (i32.add (local.get $to) (local.get $done))
                (call $byte_at (i32.add (local.get $from) (local.get $done)))
            )
            (local.set $done (i32.add (local.get $done) (i32.const 1)))
            (br $continue)
        )
    )
)

;; One text after the other as a new text value: pointer and error.
(func $join (param $left i32) (param $right i32) (result i32 i32)
    (local $left_length i32)
    (local $right_length i32)
    (local $joined_ptr i32)
    (local $joined_err i32)
    (local.set $left_length (i32.load (local.get $left)))
    (local.set $right_length (i32.load (local.get $right)))
    (call $sys.alloc
        (i32.add
            (i32.const 8)
            (i32.add (local.get $left_length) (local.get $right_length))
        )
    )
    (local.set $joined_err)
    (local.set $joined_ptr)
    (check $joined_err)
    (i32.store
        (local.get $joined_ptr)
        (i32.add (local.get $left_length) (local.get $right_length))
    )
    (call $copy
        (i32.add (local.get $left) (i32.const 4))
        (i32.add (local.get $joined_ptr) (i32.const 4))
        (local.get $left_length)
    )
    (call $copy
        (i32.add (local.get $right) (i32.const 4))
        (i32.add (local.get $joined_ptr) (i32.add (i32.const 4) (local.get $left_length)))
        (local.get $right_length)
    )
    (local.get $joined_ptr)
    (local.get $joined_err)
)

;; What the store holds under `prefix` + `name`: pointer and error.
(func $field (param $prefix i32) (param $name i32) (result i32 i32)
    (local $key_ptr i32)
    (local $key_err i32)
    (call $join (local.get $prefix) (local.get $name))
    (local.set $key_err)
    (local.set $key_ptr)
    (check $key_err)
    (call $dbg.log (local.get $key_ptr))
    (call $kv.get (local.get $key_ptr))
)

;; ---- the program -------------------------------------------------------------------------------

(argv 0 $who)

;; What a first visit would have put into the store.
(local $put_err i32)
(local.set $put_err (call $kv.set "name/ada" "Ada"))
(check $put_err)
(local.set $put_err (call $kv.set "city/ada" "London"))
(check $put_err)

;; The name.
(local $name_ptr i32)
(local $name_err i32)
(call $field "name/" (local.get $who))
(local.set $name_err)
(local.set $name_ptr)
(check $name_err)

;; The city.
(local $city_ptr i32)
(local $city_err i32)
(call $field "city/" (local.get $who))
(local.set $city_ptr)
(local.set $city_err)
(check $city_err)

;; "Welcome back, " + name + " from " + city + "."
(local $text_ptr i32)
(local $text_err i32)
(call $join "Welcome back, " (local.get $name_ptr))
(local.set $text_err)
(local.set $text_ptr)
(check $text_err)
(call $join (local.get $text_ptr) " from ")
(local.set $text_err)
(local.set $text_ptr)
(check $text_err)
(call $join (local.get $text_ptr) (local.get $city_ptr))
(local.set $text_err)
(local.set $text_ptr)
(check $text_err)
(call $join (local.get $text_ptr) ".")
(local.set $text_err)
(local.set $text_ptr)
(check $text_err)

(call $dbg.log (local.get $text_ptr))
(resv $text_ptr)
(i32.const 0)
