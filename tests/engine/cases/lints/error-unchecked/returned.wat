(call $kv.set "key" "value")
