;; Every extension, a helper, folded and flat code, and comments everywhere.
(func $twice (param $n i32) (result i32)
  (i32.mul (local.get $n) (i32.const 2))) ;; behind a helper
(argv 0 $name) ;; who it is
(local $i i32) (local $text i32)
(block $done ;; a block
  (loop $again
    (br_if $done (i32.ge_s (local.get $i) (i32.const 3)))
    (local.set $i (call $twice (i32.add (local.get $i) (i32.const 1))))
    (br $again)))
"hello"
local.set $text
(call $dbg.log (local.get $text))
(resv (if (result i32) (i32.eq (local.get $i) (i32.const 6))
  (then "hello") ;; shared
  (else """
    two
    lines""")))
(if (local.get $i) (then (return (i32.const 0))))
(return (local.get $i))
