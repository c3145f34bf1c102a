(call $kv.get "a")
(local $ignored i32) (local $status i32)
(local.set $ignored)
(local.set $status)
(check $status)
(i32.const 0)
;; expect: warning swapped-results 3:1
