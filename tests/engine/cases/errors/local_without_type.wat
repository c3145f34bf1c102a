(local $x)
(local.get $x)
;; error: bad-local 1:1
;; repaired
