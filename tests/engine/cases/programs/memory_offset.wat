(i32.store offset=1000 align=1 (i32.const 3) (i32.const 258))
(i32.load align=2 (i32.const 1_002))
;; expect: 66048
