	;; tabs, é
	(call $dbg.log "é€") ;; 漢
	(func $h (result i32)	(argv 0 $p)
		(i32.const 1))
	(call $h)
