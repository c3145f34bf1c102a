(block
  loop)
(i32.const 0)
;; error: missing-end 2:3
;; repaired
