(func $run)
(i32.const 0)
;; error: run-redefined 1:7
;; repaired
