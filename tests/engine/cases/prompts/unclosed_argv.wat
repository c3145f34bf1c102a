(argv 0 $url
(call $http.get (local.get $url))
(local.set $e)
(local.set $p)
(check $e)
(resv $p)
(i32.const 0)
