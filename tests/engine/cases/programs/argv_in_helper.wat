(func $name (result i32 i32)
  (argv 0 $p)
  (local.get $p) (i32.const 0))
(call $name)
(local $e i32) (local $p i32)
(local.set $e) (local.set $p)
(check $e)
(resv $p)
(i32.load (local.get $p))
;; argument: Ännchen
;; value: Ännchen
;; expect: 8
