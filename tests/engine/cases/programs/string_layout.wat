;; A text value: its length, then its bytes; the first lies at 16.
(i32.add
  (i32.mul "abc" (i32.const 1000))
  (i32.add (i32.mul (i32.load "abc") (i32.const 100)) (i32.and (i32.load offset=4 "abc") (i32.const 63))))
;; expect: 16333
