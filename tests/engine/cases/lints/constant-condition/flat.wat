block $out
  i32.const 1
  br_if $out
  i32.const 2
  call $dbg.i32
end
i32.const 0
;; expect: warning constant-condition 3:3
