(local $n i32)
i32.const 0x1_0
local.set $n
block $out (result i32)
  loop $again
    local.get $n
    i32.const 1
    i32.sub
    local.tee $n
    br_if 0
  end
  (i32.const -0x7)
  br $out
end $out
if (result i32) (i32.const 5) else i32.const 6 end
;; expect: 5
