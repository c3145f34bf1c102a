;; allow: unused-locals
(i32.const 0)
;; expect: warning useless-allow 1:11
