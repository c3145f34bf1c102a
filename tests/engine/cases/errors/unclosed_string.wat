(resv "abc)
(i32.const 0)
;; error: unclosed-form 1:1
;; error: unclosed-string 1:7
