(local $err i32) (local $page i32)
(call $http.get "http://a/")
(local.set $err)
(local.set $page)
(i32.load (local.get $page))
;; expect: warning error-unchecked 2:1
