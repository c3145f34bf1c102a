(call $nowhere (i32.const 1))
(local $x i32)
(block
  (local.set $x))
(i32.foo (local.get $y))
(i32.const 0)
;; error: unknown-function 1:7
;; error: stack-underflow 4:3
;; error: unknown-instruction 5:2
;; error: unknown-local 5:21
