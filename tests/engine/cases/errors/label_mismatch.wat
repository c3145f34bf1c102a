block $a
end $b
(i32.const 0)
;; error: label-mismatch 2:5
;; repaired
