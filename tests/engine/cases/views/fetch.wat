;; The agent program of the article: fetch the page whose address is argument 0, and answer with
;; it. `watstep demo` opens it with a server of its own; by hand:
;;
;;     watstep run examples/fetch.wat http://example.com/ --grant http=example.com
;;
;; args: URL
;; grant: http=HOST
;; expect: 0

;; This is what the LLM actually generates (with our extensions):
(argv 0 $url_ptr)
(call $http.get (local.get $url_ptr))
(local $body_err i32) (local $body_ptr i32)
(local.set $body_err)
(local.set $body_ptr)
(check $body_err)
(call $dbg.log "fetched the URL successfully")
(resv $body_ptr)
(i32.const 0)
