i32.const 1
local.set $x
(local $x i32)
local.get $x
;; expect: warning local-used-early 2:1
