(import "wasi_snapshot_preview1" "clock_time_get" (func $now (param i32 i32 i32) (result i32)))
(call $now (i32.const 0) (i32.const 0) (i32.const 16))
;; error: no-wasi 1:1
