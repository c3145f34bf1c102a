;; Fetch two pages, keep each in the store under its address, and answer with how many characters
;; are kept. A page that cannot be fetched must not be kept.
;; Written by a model; it does not do what it was asked to: with a second page that is not there
;; the result should be 7 (EHTTP), and nothing should be kept under the second address.
;;
;;     watstep run examples/bugs/headlines.wat http://HOST/ http://HOST/missing --grant http=HOST --grant kv
;;
;; args: http://HOST/ http://HOST/missing
;; grant: http=HOST kv

;; ---- helpers -----------------------------------------------------------------------------------

;; The byte at an address.
(func $byte_at (param $address i32) (result i32)
    (i32.and (i32.load (local.get $address)) (i32.const 255))
)

;; How many characters a text has: its bytes but for those that continue a character.
(func $characters (param $text i32) (result i32)
    (local $left i32)
    (local $at i32)
    (local $count i32)
    (local.set $left (i32.load (local.get $text)))
    (local.set $at (i32.add (local.get $text) (i32.const 4)))
    (block $break
        (loop $continue
            (br_if $break (i32.eq (local.get $left) (i32.const 0)))
            (if (i32.ne
                    (i32.and (call $byte_at (local.get $at)) (i32.const 192))
                    (i32.const 128))
                (then
                    (local.set $count (i32.add (local.get $count) (i32.const 1)))
                )
            )
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (local.set $left (i32.sub (local.get $left) (i32.const 1)))
            (br $continue)
        )
    )
    (local.get $count)
)

;; Whether a text is blank: nothing in it but spaces and line ends.
(func $blank (param $text i32) (result i32)
    (local $left i32)
    (local $at i32)
    (local $byte i32)
    (local.set $left (i32.load (local.get $text)))
    (local.set $at (i32.add (local.get $text) (i32.const 4)))
    (block $break
        (loop $continue
            (br_if $break (i32.eq (local.get $left) (i32.const 0)))
            (local.set $byte (call $byte_at (local.get $at)))
            (if (i32.ne (local.get $byte) (i32.const 32))
                (then
                    (if (i32.ne (local.get $byte) (i32.const 10))
                        (then (return (i32.const 0)))
                    )
                )
            )
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (local.set $left (i32.sub (local.get $left) (i32.const 1)))
            (br $continue)
        )
    )
    (i32.const 1)
)

;; Keep a page under its address; the error of the store.
(func $keep (param $address i32) (param $page i32) (result i32)
    (if (call $blank (local.get $page))
        (then
            (call $dbg.log "the page is blank, it is not kept")
            (return (i32.const 0))
        )
    )
    (call $dbg.log (local.get $address))
    (call $kv.set (local.get $address) (local.get $page))
)

;; ---- the program -------------------------------------------------------------------------------

(argv 0 $first_url)
(argv 1 $second_url)

(local $total i32)
(local $keep_err i32)

;; The first page.
(local $first_ptr i32)
(local $first_err i32)
(call $http.get (local.get $first_url))
(local.set $first_err)
(local.set $first_ptr)
(check $first_err)
(local.set $keep_err (call $keep (local.get $first_url) (local.get $first_ptr)))
(check $keep_err)
(local.set $total (call $characters (local.get $first_ptr)))
(call $dbg.i32 (local.get $total))

;; The second page.
(local $second_ptr i32)
(local $second_err i32)
(call $http.get (local.get $second_url))
(local.set $second_err)
(local.set $second_ptr)
(check $first_err)
(local.set $keep_err (call $keep (local.get $second_url) (local.get $second_ptr)))
(check $keep_err)
(local.set $total
    (i32.add (local.get $total) (call $characters (local.get $second_ptr)))
)
(call $dbg.i32 (local.get $total))

(call $dbg.log "both pages are kept")
(resv $second_ptr)
(i32.const 0)
