;; Equal bytes are one text, however they are written.
(i32.add
  (i32.eq "é" "\c3\a9")
  (i32.add (i32.eq "a\nb" """a
b""") (i32.eq "a" "b")))
;; expect: 2
