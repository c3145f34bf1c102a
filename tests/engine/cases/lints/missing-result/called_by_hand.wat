(call $sys.argv (i32.const 0))
(local $err i32) (local $text i32)
(local.set $err)
(local.set $text)
(check $err)
(i32.load (local.get $text))
;; expect: note missing-result 1:1
