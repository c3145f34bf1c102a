here is the program that you asked for:
(i32.const 0)
;; error: pasted-chat 1:1
;; repaired
