;; profile: core
(i32.store8 (i32.const 1000) (i32.const -2))
(i32.store16 (i32.const 1002) (i32.const 0x18000))
(i32.add
  (i32.add (i32.load8_s (i32.const 1000)) (i32.load8_u (i32.const 1000)))
  (i32.add (i32.load16_s (i32.const 1002)) (i32.load16_u (i32.const 1002))))
;; expect: 252
