(loop (local $x i32)
  (local.set $x (i32.add (local.get $x) (i32.const 1))))
(i32.const 0)
;; warning: local-not-fresh 2:37
;; repaired
