(i32.const 0)
end
;; error: stray-end 2:1
;; repaired
