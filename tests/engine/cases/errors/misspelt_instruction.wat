(local $x i32)
(locl.set $x (i32.const 1))
(i32.ad (local.get $x) (i32.const 2))
;; error: unknown-instruction 2:2
;; error: unknown-instruction 3:2
;; repaired
