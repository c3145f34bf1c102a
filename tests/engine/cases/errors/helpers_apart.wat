(func $a (result i32) (i32.add (i32.const 1)))
(func $b (result i32) (local.get $z))
(func $c (result i32) (i64.const 1))
(call $a)
(call $b)
(i32.add)
(call $c)
(i32.add)
;; error: stack-underflow 1:23
;; error: unknown-local 2:34
;; error: outside-profile 3:24
;; repaired
