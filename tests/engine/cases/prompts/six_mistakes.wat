(argv 0 $url
(local.set $x (i32.eqz (local.get $url)))
(call $http.get $url)
(local.set $e)
(if (local.get $e) (return (local.get $e)))
(i32.add (i32.const 1))
