(local $e i32)
(call $http.get "u")
(local.set $e)
(check $e)
(i32.const 0)
;; error: left-over-value 2:1
;; repaired
