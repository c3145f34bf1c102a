(check)
(i32.const 0)
;; error: macro-arity 1:7
