"alone"
local.set $p
(local $p i32)
(resv $p)
i32.const 0
;; value: alone
;; expect: 0
