(module
  (func $run (export "run") (result i32) (i32.const 0))
  (func $run)
  (export "run" (func 0))
  (start 0)
  (memory 1)
  (memory 2))
;; error: name-twice 3:9
;; error: export-twice 4:3
;; error: start-type 5:3
;; error: second-memory 7:3
