(argv 0)
(i32.const 0)
;; error: macro-arity 1:8
;; repaired
