(argv 0 $u)
(http.get (local.get $u))
(local $e i32)
(local $p i32)
(local.set $e)
(local.set $p)
(i32.const 0)
;; error: unknown-instruction 2:2
;; repaired
