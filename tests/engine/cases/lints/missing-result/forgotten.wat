(argv 0 $url)
(call $http.get (local.get $url))
(local $err i32) (local $page i32)
(local.set $err)
(local.set $page)
(check $err)
(call $dbg.log (local.get $page))
(i32.const 0)
;; expect: note missing-result 1:1
