;; profile: core
(block $a
  (block $b (result i32)
    (br_table $a $b (i32.const 1) (i32.const 0)))
  (drop))
(i32.const 0)
;; error: label-arity 4:5
