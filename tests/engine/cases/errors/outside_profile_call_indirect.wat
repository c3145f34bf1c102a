(call_indirect (i32.const 0))
;; error: outside-profile 1:2
