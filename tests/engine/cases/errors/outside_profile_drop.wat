(drop (i32.const 1))
(i32.const 0)
;; error: outside-profile 1:2
;; repaired
