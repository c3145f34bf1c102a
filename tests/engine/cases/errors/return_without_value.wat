(return)
;; error: stack-underflow 1:1
;; repaired
