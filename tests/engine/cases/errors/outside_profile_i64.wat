(i64.add (i32.const 1) (i32.const 2))
;; error: outside-profile 1:2
;; repaired
