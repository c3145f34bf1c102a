(local $err i32) (local $page i32) (local $tries i32)
(block $done
  (loop $again
    (call $http.get "http://a/")
    (local.set $err)
    (local.set $page)
    (br_if $done (i32.eq (local.get $err) (i32.const 0)))
    (local.set $tries (i32.add (local.get $tries) (i32.const 1)))
    (br_if $again (i32.lt_s (local.get $tries) (i32.const 3))))
  (return (local.get $err)))
(resv $page)
(i32.const 0)
