(5)
;; error: headless-form 1:1
;; repaired
