(i32.load align=4 offset=8 (i32.const 0))
;; error: unexpected 1:19
