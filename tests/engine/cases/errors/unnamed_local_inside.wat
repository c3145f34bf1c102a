(block (local i32))
(i32.const 0)
;; error: unnamed-local 1:8
;; repaired
