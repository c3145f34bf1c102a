(local $i i32)
(block $l
  (loop $l
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $l (i32.lt_s (local.get $i) (i32.const 3)))))
(local.get $i)
;; expect: note shadowed-label 3:9
