(func $h (call $dbg.i32 (call $sys.argc)))
(resv (block (result i32) (call $dbg.log "second") (argv 0 $p) (local.get $p)))
(call $h)
(i32.const 0)
