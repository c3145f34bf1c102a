(data (i32.const 16) """a""") (i32.const 0)
;; error: triple-quoted 1:22
;; repaired
