(i32.xr (i32.const 1) (i32.const 2))
;; error: unknown-instruction 1:2
;; repaired
