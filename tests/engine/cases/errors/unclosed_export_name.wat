(module
  (func $run (result i32) (i32.const 0))
  (export "run (func $run)))
;; error: unclosed-string 3:11
;; repaired
