(i32.load align=8 (i32.const 0))
;; error: bad-alignment 1:11
;; repaired
