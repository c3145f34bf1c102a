(module
  (func $run (result i32)
    (local $x i32)
    (local.set $x (i32.const 1)
    (local.get $x)
  )
  (export "run" (func $run))
)
;; error: unclosed-form 4:5
;; repaired
