(local.set $x (i32.const 1))
(local.set $x (local.get $x))
(local.get $x)
;; error: unknown-local 1:12
;; repaired
