(if (call $http.status)
  (then (call $dbg.i32 (i32.const 2))))
(i32.const 0)
