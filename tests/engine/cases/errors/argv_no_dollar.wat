(argv 0 url)
(resv $url)
(check $url.err)
(i32.const 0)
;; error: macro-argument 1:9
;; repaired
