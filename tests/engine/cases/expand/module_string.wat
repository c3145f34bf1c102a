(module
  (func (export "run") (result i32)
    (call $dbg.log "x") (local $n i32) local.get $n))
