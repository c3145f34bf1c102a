argv 0 $p
resv $p
check $p.err
i32.const 0
;; error: flat-macro 1:1
;; error: flat-macro 2:1
;; error: flat-macro 3:1
;; repaired
