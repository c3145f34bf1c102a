(resv (block (result i32) (argv 1 $p) (resv (call $http.status)) (local.get $p)))
(i32.const 0)
