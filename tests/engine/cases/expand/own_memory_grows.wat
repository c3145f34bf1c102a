;; profile: core
(memory 0) (export "memory" (memory 0))
(resv "abc")
(i32.const 0)
