(module
  (func $run (result i32)
    (i32.const 0)
;; error: unclosed-form 2:3
;; repaired
