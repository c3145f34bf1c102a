(func $greet (param $who i32) (result i32)
  (call $dbg.log "hello")
  (call $dbg.log (local.get $who))
  (i32.load (local.get $who)))
(call $greet "world!")
;; log: hello
;; log: world!
;; expect: 6
