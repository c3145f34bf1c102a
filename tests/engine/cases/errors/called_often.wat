(func $twice (result i32) (call $half (i32.const 1)))
(local $n i32)
(local.set $n (call $sys.arg))
(local.set $n (call $sys.arg))
(call $half (local.get $n))
;; error: unknown-host-function 3:21
;; error: unknown-function 5:7
