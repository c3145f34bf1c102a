(argv $z)
(resv $z)
(i32.const 0)
;; error: macro-arity 1:9
;; repaired
