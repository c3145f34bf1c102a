(func $f (param $n i32) (result i32)
  (local.set $n (i32.const 1)))
(call $f (i32.const 1))
;; error: missing-value 2:31
;; repaired
