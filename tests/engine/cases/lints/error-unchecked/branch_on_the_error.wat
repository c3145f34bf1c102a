(call $http.get "http://a/")
(local $err i32) (local $page i32)
(local.set $err)
(local.set $page)
(block $failed
  (br_if $failed (i32.ne (local.get $err) (i32.const 0)))
  (resv $page))
(local.get $err)
