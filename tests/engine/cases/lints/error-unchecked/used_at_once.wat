(call $http.get "http://a/")
(local $err i32) (local $page i32)
(local.set $err)
(local.set $page)
(resv $page)
(i32.const 0)
;; expect: warning error-unchecked 1:1
