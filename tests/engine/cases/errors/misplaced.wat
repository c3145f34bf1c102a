(block (export "x"))
(i32.const 0)
;; error: misplaced 1:9
