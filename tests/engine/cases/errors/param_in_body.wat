(param $x i32)
(result i32)
(local.get $x)
;; error: misplaced 1:1
;; error: misplaced 2:1
;; repaired
