(local $"" i32)
(i32.const 0)
;; error: bad-token 1:8
