(func $first (result i32)
  (argv 0 $text)
  (i32.load (local.get $text)))
(call $first)
;; expect: note missing-result 2:3
