;; profile: core
(unreachable)
;; trap: unreachable
