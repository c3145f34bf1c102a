(call $dbg.log "x") (memory (export "memory") 0) (i32.const 0)
