(argv 0 $a)
(resv $a)
(block $out
  (loop $again
    (br_if $out (call $http.status))
    (br $again)))
(i32.const 0)
