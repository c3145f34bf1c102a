;; Remember a text under a key, read it back, and answer with it. Each answer is checked: any
;; error ends the program with its code. Without a scope the store lives in memory; with one it is a
;; database file, and the second run finds what the first one wrote.
;;
;;     watstep run examples/kv.wat --grant kv
;;     watstep run examples/kv.wat --grant kv=notes.db
;;
;; grant: kv
;; expect: 0
;; value: the store remembers

(local $set_err i32)
(local.set $set_err (call $kv.set "greeting" "the store remembers"))
(check $set_err)

(call $kv.get "greeting")
(local $text_err i32) (local $text_ptr i32)
(local.set $text_err)
(local.set $text_ptr)
(check $text_err)

(call $dbg.log (local.get $text_ptr))
(resv $text_ptr)
(i32.const 0)
