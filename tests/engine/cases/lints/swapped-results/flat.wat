(call $kv.get "a")
(local $p i32) (local $e i32)
local.set $p
local.set $e
local.get $e
if
  i32.const 1
  return
end
local.get $p
call $sys.resv
i32.const 0
;; expect: warning swapped-results 3:1
