(data (i32.const 16) "a""b") (i32.const 0)
;; error: glued-tokens 1:22
;; repaired
