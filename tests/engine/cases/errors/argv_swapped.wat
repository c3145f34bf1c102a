(argv $q 1)
(resv $q)
(i32.const 0)
;; error: macro-argument 1:7
;; repaired
