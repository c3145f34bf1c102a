(local.set $b (i32.const 1)) ;; early
(block
	(local $a i32)
	(local $b i32)
	(local.set $a (local.get $b)))
(local $a i32)
(local.get $a)
