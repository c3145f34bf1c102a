(local $x $y i32)
(i32.add (local.get $x) (local.get $y))
;; error: bad-local 1:1
;; repaired
