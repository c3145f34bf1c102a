(i32.const 0))
;; error: stray-parenthesis 1:14
;; repaired
