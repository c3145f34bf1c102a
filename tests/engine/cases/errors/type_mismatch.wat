(module
  (type $t (func (param i32)))
  (func (type $t) (param i32 i32))
  (func (export "run") (result i32) (i32.const 0)))
;; error: type-mismatch 3:3
