i32.const 5
i32.eqz
;; error: outside-profile 2:1
;; repaired
