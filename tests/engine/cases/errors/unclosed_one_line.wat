(module (func $a (i32.const 1) (func (export "run") (result i32) (i32.const 0)))
;; error: unclosed-form 1:9
;; error: left-over-value 1:18
;; repaired
