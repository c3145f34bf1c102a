(module
  (memory (export "memory") 1)
  (func $log (param $text i32)
    (call $dbg.log (local.get $text)))
  (func (export "run") (result i32)
    (call $log "from a module")
    (local $n i32)
    (local.set $n (i32.const 3))
    (local.get $n)))
;; log: from a module
;; expect: 3
