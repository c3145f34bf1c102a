(block $out
  (loop $again
    (br_if $out (i32.const 1)
    (br $again)
  )
)
(i32.const 0)
;; error: unclosed-form 3:5
;; repaired
