;; profile: core
;; A trap: `unreachable` stands where a program must never come. It is outside the agent profile,
;; so the first comment asks for the other one.
;;
;;     watstep run examples/trap_unreachable.wat
;;
;; trap: unreachable

(if (i32.gt_s (i32.const 7) (i32.const 5)) ;; allow: constant-condition
    (then (unreachable)))
(i32.const 0)
