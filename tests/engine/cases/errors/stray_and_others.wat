(i32.add (i32.const 1))
(i32.const 0))
(local.get $q)
;; error: stack-underflow 1:1
;; error: left-over-value 1:1
;; error: left-over-value 2:1
;; error: stray-parenthesis 2:14
;; error: unknown-local 3:12
;; repaired
