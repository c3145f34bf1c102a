(func $f (param $p i32) (result i32)
  (argv 0 $p)
  (i32.const 1))
(call $f (i32.const 1))
;; error: local-redeclared 2:11
