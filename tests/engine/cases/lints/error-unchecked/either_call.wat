(argv 0 $which)
(local $err i32) (local $page i32)
(if (i32.load (local.get $which))
  (then
    (call $http.get "http://a/")
    (local.set $err)
    (local.set $page))
  (else
    (call $kv.get "a")
    (local.set $err)
    (local.set $page)))
(check $err)
(resv $page)
(i32.const 0)
