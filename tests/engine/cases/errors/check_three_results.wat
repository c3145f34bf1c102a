(func $f (result i32 i32 i32)
  (local $e i32)
  (check $e)
  (i32.const 0) (i32.const 0) (i32.const 0))
(i32.const 0)
;; error: check-result 3:3
