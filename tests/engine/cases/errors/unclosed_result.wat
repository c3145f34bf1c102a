(if (result i32 (i32.const 1)
  (then (i32.const 2))
  (else (i32.const 3)))
;; error: unclosed-form 1:5
;; repaired
