(argv 0 $a)
(resv $a)
(argv 1 $b)
(i32.const 0)
;; argument: first
;; value: first
;; expect: 2
