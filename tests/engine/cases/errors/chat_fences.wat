First try this:
```wasm
(i32.const 1)
```
Or this, which logs:
```
(call $dbg.log "x")
(i32.const 0)
```
Run it with:
```sh
watstep run x.wat
```
;; error: pasted-chat 1:1
;; repaired
