block $a
  block $a
    i32.const 2
    call $dbg.i32
  end
end
i32.const 0
;; expect: note shadowed-label 2:9
