(local $x i32)
(set_local $x (i32.const 1))
(get_local $x)
;; error: unknown-instruction 2:2
;; error: unknown-instruction 3:2
;; repaired
