;; A limit: every instruction takes one unit of fuel, and this loop never ends.
;;
;;     watstep run examples/out_of_fuel.wat --fuel 10000
;;
;; fuel: 10000
;; trap: out of fuel

(local $i i32)
(loop $forever ;; allow: endless-loop
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $forever))
(local.get $i)
