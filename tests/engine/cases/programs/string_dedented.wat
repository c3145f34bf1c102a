(resv """
    one
      "two"
    \u{41}\\ """)
(i32.const 0)
;; value: one\n  "two"\nA\ 
;; expect: 0
