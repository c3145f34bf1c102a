(block $out
  (if $a (i32.const 1) (then (br $a)) (br $out)))
(if $b (then (br $b)) (else (br $b)) (else (br $b)))
(i32.const 0)
;; error: if-branches 2:3
;; error: if-branches 3:1
