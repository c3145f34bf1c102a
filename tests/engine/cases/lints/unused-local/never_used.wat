(local $x i32)
(i32.const 0)
;; expect: warning unused-local 1:1
