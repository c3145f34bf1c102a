(; what it does
(i32.const 0)
;; error: unclosed-comment 1:1
;; repaired
