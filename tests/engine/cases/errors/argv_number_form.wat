(argv (i32.const 0) $b)
(resv $b)
(i32.const 0)
;; error: macro-argument 1:7
;; repaired
