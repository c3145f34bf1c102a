(local $n i32)
(drop (call $sys.argc))
(local.set $n (i32.eqz (local.get $n)))
local.get $n drop
(local.get $n)
;; error: outside-profile 2:2
;; error: outside-profile 3:16
;; error: outside-profile 4:14
;; repaired
