(local $x i32)
(func $f (param i32))
(call f (i32.const 1))
(local.set x (i32.const 1))
(block $l (br l))
(local.get x)
;; error: missing-immediate 3:7
;; error: missing-immediate 4:12
;; error: missing-immediate 5:15
;; error: missing-immediate 6:12
;; repaired
