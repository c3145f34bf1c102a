(call 9)
(local.get 7)
(br 5)
;; error: unknown-function 1:7
;; error: unknown-local 2:12
;; error: unknown-label 3:5
