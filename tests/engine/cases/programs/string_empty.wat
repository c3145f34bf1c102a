(i32.load "")
;; expect: 0
