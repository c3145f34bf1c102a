(type $t (func (param i32)))
(func $f (type $t))
(call $f (i32.const 1))
(i32.const 0)
;; error: outside-profile 1:2
;; repaired
