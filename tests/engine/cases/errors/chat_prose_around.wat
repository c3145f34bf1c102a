Here's a program that answers 5.

(local $x i32)
(local.set $x (i32.const 5))

Then it gives the value back (as asked):
(local.get $x)

Hope this helps!
;; error: pasted-chat 1:1
;; repaired
