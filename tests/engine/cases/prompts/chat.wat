Sure! Here is the program:
```wat
(i32.const 1)
```
Enjoy.
