(resv (if (result i32) (i32.const 0) (then "no") (else "yes")))
(i32.const 0)
;; value: yes
;; expect: 0
