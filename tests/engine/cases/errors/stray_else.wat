i32.const 1
if
else
else
end
block
else
end
i32.const 0
;; error: stray-else 4:1
;; error: stray-else 7:1
;; repaired
