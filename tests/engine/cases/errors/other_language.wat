(while (i32.lt (i32.const 1) (i32.const 2)))
(i32.const 0)
;; error: unknown-instruction 1:2
;; error: unknown-instruction 1:9
;; repaired
