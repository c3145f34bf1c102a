(i32.const 1)
(module)
;; error: misplaced 2:2
