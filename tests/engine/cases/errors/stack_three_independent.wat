(i32.add (i32.const 1))
(local $x i32)
(local.set $x)
(local.set $x)
(call $kv.set "a" "b")
(call $http.post "u")
(local.set $x)
(local.set $x)
(local.get $x)
;; error: stack-underflow 1:1
;; error: stack-underflow 4:1
;; error: stack-underflow 6:1
;; repaired
