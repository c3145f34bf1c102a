(local $url_ptr i32)
(local.get $url_pt)
;; error: unknown-local 2:12
;; repaired
