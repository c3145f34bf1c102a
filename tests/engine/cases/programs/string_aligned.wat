;; Every text value is aligned to 4, the next one after the end of the last.
(i32.add
  (i32.rem_s "a" (i32.const 4))
  (i32.add (i32.rem_s "bcd" (i32.const 4)) (i32.sub "bcd" "a")))
;; expect: 8
