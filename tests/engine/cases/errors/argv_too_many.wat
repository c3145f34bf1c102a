(argv 0 $u $k)
(resv $u)
(i32.const 0)
;; error: macro-arity 1:12
;; repaired
