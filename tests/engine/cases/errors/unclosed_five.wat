(module
  (import "dbg" "i32" (func $log (param i32)))
  (func $a (result i32)
    (call $log (i32.const 1)
    (local.get $nope)
  )
  (func $b (result i32)
    (i32.mul (i32.const 1)))
  (func $c
    (block $x
      (br $y))
    (call $log (i32.const 1)
  )
  (export "run" (func $b))
;; error: unclosed-form 1:1
;; error: unclosed-form 4:5
;; error: unknown-local 5:16
;; error: stack-underflow 8:5
;; error: unknown-label 11:11
;; error: unclosed-form 12:5
;; repaired
