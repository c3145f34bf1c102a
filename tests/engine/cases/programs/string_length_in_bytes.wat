(i32.load "é€\u{1F600}")
;; expect: 9
