(argv 0 $page)
(resv page)
(i32.const 0)
;; error: macro-argument 2:7
;; repaired
