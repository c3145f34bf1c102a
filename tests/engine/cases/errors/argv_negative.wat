(argv -1 $p)
(resv $p)
(i32.const 0)
;; error: macro-argument 1:7
