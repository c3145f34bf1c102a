(local.get $a)
(i32.foo)
(call $sys.arg)
(check 5)
(br $nowhere)
(i32.const 4294967296)
(func $h (result i32) (i32.mul))
(call $h)
;; error: unknown-local 1:12
;; error: unknown-instruction 2:2
;; error: unknown-host-function 3:7
;; error: macro-argument 4:8
;; error: unknown-label 5:5
;; error: bad-constant 6:12
;; error: stack-underflow 7:23
