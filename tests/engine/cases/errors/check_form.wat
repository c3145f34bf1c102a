(local $e i32)
(check (local.get $e))
(i32.const 0)
;; error: macro-argument 2:8
;; repaired
