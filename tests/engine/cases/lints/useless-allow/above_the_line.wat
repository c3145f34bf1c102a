(i32.const 0)
;; allow: unused-local
;; which is for later
(local $x i32)
