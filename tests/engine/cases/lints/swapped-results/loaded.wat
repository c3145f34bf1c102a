(call $sys.alloc (i32.const 8))
(local $room i32) (local $failed i32)
(local.set $room)
(local.set $failed)
(if (local.get $failed) (then (return (i32.const 4))))
(i32.load (local.get $room))
;; expect: warning swapped-results 3:1
