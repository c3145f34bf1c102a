There is nothing to run here.
;; error: pasted-chat 1:1
