(block $a (nop2))
(br $a)
(i32.const 0)
;; error: unknown-instruction 1:12
;; error: unknown-label 2:5
