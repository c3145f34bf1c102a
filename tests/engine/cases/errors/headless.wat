((i32.const 1))
;; error: headless-form 1:1
;; repaired
