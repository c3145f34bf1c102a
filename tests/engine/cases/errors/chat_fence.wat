Sure! Here is the program:

```wat
(i32.const 1)
```

It returns 1 (one).
;; error: pasted-chat 1:1
;; repaired
