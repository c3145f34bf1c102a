(block)
(end)
(i32.const 0)
;; error: stray-end 2:2
;; repaired
