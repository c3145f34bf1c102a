(module
  (memory)
  (import "dbg")
  (export "x")
  (type (i32))
  (func (param $a i32 i32) (result i31))
  (func (type 7))
  (func (export) (result i32) (i32.const 0)))
;; error: bad-memory 2:3
;; error: bad-import 3:3
;; error: bad-export 4:3
;; error: bad-type 5:3
;; error: unexpected 5:9
;; error: bad-type 6:9
;; error: bad-type 6:36
;; error: unknown-type 7:9
;; error: missing-name 8:9
