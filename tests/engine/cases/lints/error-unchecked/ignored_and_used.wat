(local $_ i32) (local $page i32)
(call $kv.get "a")
(local.set $_)
(local.set $page)
(resv $page)
(i32.const 0)
;; expect: warning error-unchecked 2:1
