(call $dbg.log """hello)
(i32.add (i32.const 1))
;; error: unclosed-string 1:16
;; error: stack-underflow 2:1
;; repaired
