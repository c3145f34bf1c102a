(block (result i32 i32) (i32.const 6) (i32.const 7))
(i32.mul)
;; expect: 42
