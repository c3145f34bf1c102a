;; A trap: a host function is given a number that points at no text, and has no error to answer
;; with.
;;
;;     watstep run examples/trap_host.wat
;;
;; trap: host call

(call $dbg.log "this is a text")
(call $dbg.log (i32.const 70000))
(i32.const 0)
