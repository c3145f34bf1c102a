(block $out
  (loop $again
    (br $again
  )
)
(i32.const 0)
;; error: unclosed-form 3:5
;; repaired
