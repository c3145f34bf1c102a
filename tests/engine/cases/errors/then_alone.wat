(then (i32.const 1))
;; error: stray-then 1:2
