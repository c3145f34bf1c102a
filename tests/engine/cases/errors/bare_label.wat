(block $out
  (br_if $ot (i32.const 1)))
(i32.const 0)
;; error: unknown-label 2:10
;; repaired
