(call $dbg.log """two
lines)
(i32.const 0)
;; error: unclosed-string 1:16
;; repaired
