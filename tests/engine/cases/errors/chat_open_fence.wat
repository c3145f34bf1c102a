```wat
(i32.const 1)
;; error: pasted-chat 1:1
;; repaired
