(module $name
  ;; imports follow the last one
  (import "dbg" "i32" (func $show (param i32)))
  (memory $m (export "memory") 1 2)
  (data (i32.const 16) "own")
  (func $run (export "run") (result i32)
    (call $show (call $sys.argc))
    (argv 0 $text)
    (call $dbg.log "added")
    (resv $text)
    (i32.const 0)))
