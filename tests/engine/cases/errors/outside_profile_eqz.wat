(i32.eqz (i32.const 0))
;; error: outside-profile 1:2
;; repaired
