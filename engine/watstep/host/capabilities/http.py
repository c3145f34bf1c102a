"""`http`: fetch and post over HTTP, to the hosts that the grant names and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watstep.host.errors import ErrorCode, HostError
from watstep.host.function import Capability, Gives, HostFunction, Takes

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    # Loaded at the first call: most commands only read the table below.
    from urllib3 import BaseHTTPResponse, PoolManager

    from watstep.host.context import Context

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_MOST_REDIRECTS = 10
_CHUNK = 65536


def _get(context: Context, url: str) -> str:
    return _request(context, "GET", url, None, {})


def _post(context: Context, url: str, body: str, content_type: str) -> str:
    if any(ord(letter) < 32 or ord(letter) > 126 for letter in content_type):
        raise HostError(ErrorCode.EINVAL)
    return _request(context, "POST", url, body.encode(), {"Content-Type": content_type})


def _status(context: Context) -> int:
    return context.http_status


def _request(
    context: Context, method: str, url: str, body: bytes | None, headers: dict[str, str]
) -> str:
    """The text of the answer; raises `HostError` by LANGUAGE.md 6."""
    from urllib.parse import urljoin

    import urllib3

    pool = context.kept("http")
    if pool is None:
        pool = urllib3.PoolManager(retries=False)
        context.keep("http", pool, pool.clear)
    for _ in range(_MOST_REDIRECTS + 1):
        _judge(context, url)
        response = _send(context, pool, method, url, body, headers)
        try:
            location = response.headers.get("Location")
            if response.status not in _REDIRECTS or not location:
                return _answer(context, response)
        finally:
            response.close()
        url = urljoin(url, location)
        if response.status == 303 or (response.status in {301, 302} and method == "POST"):
            method, body, headers = "GET", None, {}
    raise HostError(ErrorCode.ENET)


def _send(
    context: Context,
    pool: PoolManager,
    method: str,
    url: str,
    body: bytes | None,
    headers: dict[str, str],
) -> BaseHTTPResponse:
    import urllib3

    try:
        return pool.request(
            method,
            url,
            body=body,
            headers={"User-Agent": "watstep", **headers},
            redirect=False,
            preload_content=False,
            timeout=urllib3.Timeout(total=context.seconds_left),
        )
    except urllib3.exceptions.TimeoutError as error:
        # A name that no one answers for is no time-out of the server.
        refused = isinstance(error, urllib3.exceptions.NewConnectionError)
        raise HostError(ErrorCode.ENET if refused else ErrorCode.ETIMEDOUT) from error
    except urllib3.exceptions.LocationValueError as error:
        raise HostError(ErrorCode.EINVAL) from error
    except (urllib3.exceptions.HTTPError, OSError, UnicodeError) as error:
        raise HostError(ErrorCode.ENET) from error


def _answer(context: Context, response: BaseHTTPResponse) -> str:
    """Read the body within the limits of size and time."""
    import urllib3

    limit = context.settings.limits.answer_bytes
    content = bytearray()
    try:
        for chunk in response.stream(_CHUNK, decode_content=True):
            content += chunk
            if len(content) > limit:
                raise HostError(ErrorCode.ETOOBIG)
            if context.seconds_left <= 0.001:
                raise HostError(ErrorCode.ETIMEDOUT)
    except urllib3.exceptions.TimeoutError as error:
        raise HostError(ErrorCode.ETIMEDOUT) from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise HostError(ErrorCode.ENET) from error
    context.http_status = response.status
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise HostError(ErrorCode.EUTF8) from error
    if not 200 <= response.status < 300:
        raise HostError(ErrorCode.EHTTP, text)
    return text


def _judge(context: Context, url: str) -> None:
    """Whether the grant covers a URL; raises EINVAL or EACCESS."""
    from urllib.parse import urlsplit

    if any(letter <= " " or letter in "\\\x7f" for letter in url):
        # What is judged here and what urllib3 connects to would be different hosts.
        raise HostError(ErrorCode.EINVAL)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise HostError(ErrorCode.EINVAL) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise HostError(ErrorCode.EINVAL)
    if "@" in parts.netloc:
        raise HostError(ErrorCode.EACCESS)
    effective = port if port is not None else (443 if parts.scheme == "https" else 80)
    if not any(_covers(entry, parts, effective) for entry in context.scope("http")):
        raise HostError(ErrorCode.EACCESS)


def _covers(entry: str, parts: SplitResult, port: int) -> bool:
    if entry == "*":
        return True
    host, allowed = _split_entry(entry)
    actual = (parts.hostname or "").lower()
    if port not in allowed:
        return False
    if host.startswith("*."):
        return actual.endswith(host[1:]) and actual != host[2:]
    return actual == host


def _split_entry(entry: str) -> tuple[str, tuple[int, ...]]:
    """A scope's host name and ports; without a port it means 80 and 443."""
    host, colon, port = entry.lower().rpartition(":")
    if not colon or not port.isdigit():
        return entry.lower().strip("[]"), (80, 443)
    return host.strip("[]"), (int(port),)


def _check_scope(scope: tuple[str, ...]) -> str | None:
    for entry in scope:
        if "/" in entry or not entry or " " in entry:
            return (
                f"`{entry}` is no host: write a name like `example.com`, `*.example.com` or "
                "`localhost:8080`, without a scheme or a path"
            )
    return None


HTTP = Capability(
    "http",
    "the web, host by host",
    "host names: `example.com`, `*.example.com`, `localhost:8080`, `*`",
    (
        HostFunction(
            "get",
            (("url", Takes.TEXT),),
            Gives.TEXT,
            "the body at a URL; EHTTP with the body when the status is not 2xx",
            _get,
        ),
        HostFunction(
            "post",
            (("url", Takes.TEXT), ("body", Takes.TEXT), ("content_type", Takes.TEXT)),
            Gives.TEXT,
            "send a body, the answer's body",
            _post,
        ),
        HostFunction(
            "status", (), Gives.NUMBER, "the status of the last answer, 0 before", _status
        ),
    ),
    _check_scope,
)
