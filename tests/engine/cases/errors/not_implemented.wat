;; profile: core
(global $g i32 (i32.const 0))
(f32.add (i32.const 0) (i32.const 0))
;; error: not-implemented 2:2
;; error: not-implemented 3:2
