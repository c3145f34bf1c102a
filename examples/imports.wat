;; Host functions are imported by name, and nothing else of the host can be reached. A program that
;; imports a function needs the grant for it, even if it never calls it.
;;
;;     watstep run examples/imports.wat --grant http=example.com
;;
;; grant: http=example.com
;; expect: 0

(module
    ;; Import a host function: http.get takes a pointer, returns (pointer, error)
    (import "http" "get" (func $http.get (param i32) (result i32 i32)))

    ;; Import memory from the host
    (memory (import "env" "memory") 1)

    (func $run (result i32)
        ;; ... call $http.get with a pointer to a URL ...
        (i32.const 0)
    )
    (export "run" (func $run))
)
