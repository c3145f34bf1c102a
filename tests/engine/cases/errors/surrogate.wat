(resv "\u{d800}") (i32.const 0)
;; error: bad-escape 1:7
