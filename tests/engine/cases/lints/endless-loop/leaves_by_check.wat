(local $err i32)
(loop $again
  (local.set $err (call $kv.del "key"))
  (check $err)
  (br $again))
(i32.const 0)
