(call $kv.set "a" "b")
(i32.const 0)
;; error: left-over-value 1:1
;; repaired
