(local $x i32)
(local.set $x (i32.add (i32.const 1) (i32.const 2)
(local.get $x)
;; error: unclosed-form 2:15
;; repaired
