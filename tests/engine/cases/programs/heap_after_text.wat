;; The heap begins at the next multiple of 16.
(call $dbg.log "some text here")
(call $sys.alloc (i32.const 8))
(local $e i32)
(local.set $e)
(local $p i32)
(local.set $p)
(check $e)
(local.get $p)
;; log: some text here
;; expect: 48
