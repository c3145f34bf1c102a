(@note "any" 1.5 (tokens))
(i32.const 0)
