(import "wasi_snapshot_preview1" "fd_write" (func $f (param i32 i32 i32 i32) (result i32)))
(i32.const 0)
;; error: no-wasi 1:1
