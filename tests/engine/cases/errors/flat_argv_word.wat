argv 0
(i32.const 0)
;; error: flat-macro 1:1
;; repaired
