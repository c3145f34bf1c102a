(func $f (param $x i32)
  (local $x i32))
(i32.const 0)
;; error: local-redeclared 2:3
;; repaired
