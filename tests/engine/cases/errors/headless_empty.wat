()
(i32.const 0)
;; error: headless-form 1:1
