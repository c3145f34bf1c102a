;; profile: core
(local $x i32)
(local $x i64)
(i32.const 0)
;; error: local-redeclared 3:1
