(module
  (func $run (result i32)
    (local $x i32)
    (local.set $x (i32.const 1)))
    (local.get $x)
  )
  (export "run" (func $run))
)
;; error: stray-parenthesis 4:33
;; repaired
