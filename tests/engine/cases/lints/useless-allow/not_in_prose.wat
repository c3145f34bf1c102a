;; This program will allow: nothing.
(i32.const 0)
