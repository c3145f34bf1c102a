(data (i32.const 100) "\05\00\00\00inner")
(call $dbg.log (i32.const 100))
(i32.rem_s "after" (i32.const 1000))
;; log: inner
;; expect: 112
