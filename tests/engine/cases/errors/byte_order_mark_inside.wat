(i32.const 0)﻿
;; error: bad-token 1:14
;; repaired
