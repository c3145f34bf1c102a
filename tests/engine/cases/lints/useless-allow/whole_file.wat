;; allow: unused-local
(i32.const 0)
(local $x i32)
(local $y i32)
