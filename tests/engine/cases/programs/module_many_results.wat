(module
  (func (export "run") (result i32 i32)
    (i32.const 1) (i32.const -2)))
;; expect: 1 -2
