(func $f (export "run"))
(i32.const 0)
;; error: run-redefined 1:10
;; repaired
