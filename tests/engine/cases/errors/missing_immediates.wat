(local $x i32)
(local.set)
(i32.const)
(call)
;; error: missing-immediate 2:1
;; error: missing-immediate 3:1
;; error: missing-immediate 4:1
