;; profile: cor
(i32.const 0)
;; warning: unknown-profile 1:13
;; repaired
