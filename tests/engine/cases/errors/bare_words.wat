(local $x i32)
5
local.set $x
$x
;; error: bare-operand 2:1
;; error: bare-operand 4:1
;; repaired
