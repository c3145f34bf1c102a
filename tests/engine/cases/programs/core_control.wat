;; profile: core
(func $pick (param $n i32) (result i32)
  (block $c (block $b (block $a
    (br_table $a $b $c (local.get $n)))
    (return (i32.const 10)))
    (return (i32.const 20)))
  (nop)
  (select (i32.const 30) (i32.const 40) (i32.eqz (memory.size))))
(drop (call $pick (i32.const 0)))
(i32.add (call $pick (i32.const 1)) (call $pick (i32.const 9)))
;; expect: 60
