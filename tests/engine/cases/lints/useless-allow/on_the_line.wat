(i32.const 0)
(local $x i32) ;; allow: unused-local
