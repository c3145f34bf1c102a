(check $e)
(i32.const 0)
;; error: unknown-local 1:8
;; repaired
