(block $a
  (block $b
    (block $a
      (call $dbg.i32 (i32.const 2)))))
(i32.const 0)
;; expect: note shadowed-label 3:12
