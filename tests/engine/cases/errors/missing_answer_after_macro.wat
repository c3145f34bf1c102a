(argv 0 $p)
(resv $p)
;; error: missing-value 2:10
;; repaired
