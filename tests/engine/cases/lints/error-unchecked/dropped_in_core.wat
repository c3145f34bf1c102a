;; profile: core
(drop (call $kv.set "key" "value"))
(i32.const 0)
;; expect: warning error-unchecked 2:7
