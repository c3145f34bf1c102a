(call $http.get "http://a/")
(local $page i32) (local $err i32)
(local.set $page)
(local.set $err)
(check $err)
(resv $page)
(i32.const 0)
;; expect: warning swapped-results 3:1
