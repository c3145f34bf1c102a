(resv 5)
(i32.const 0)
;; error: macro-argument 1:7
