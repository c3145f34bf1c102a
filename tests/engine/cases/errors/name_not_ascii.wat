(local $é i32)
(local.get $é)
;; error: bad-token 1:8
;; error: bad-token 2:12
;; repaired
