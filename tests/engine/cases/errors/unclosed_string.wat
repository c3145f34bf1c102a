(resv "abc)
(i32.const 0)
;; error: unclosed-string 1:7
;; repaired
