(table 1 funcref)
(i32.const 0)
;; error: outside-profile 1:2
;; repaired
