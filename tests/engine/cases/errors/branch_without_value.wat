(block $b (result i32)
  (br $b))
;; error: stack-underflow 2:3
;; repaired
