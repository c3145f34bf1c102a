i32.const 1
if
  block
  end
(i32.const 0)
;; error: missing-end 2:1
;; repaired
