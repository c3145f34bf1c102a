(i32.add (i32.const 1) (i32.const​ 2))
;; error: bad-token 1:9
;; error: bad-token 1:34
;; repaired
