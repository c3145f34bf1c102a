"""`http`: fetch and post over HTTP, to the hosts that the grant names and no others."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from watstep.host.errors import ErrorCode, HostError
from watstep.host.function import Capability, Gives, HostFunction, Takes

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    # Loaded at the first call: most commands only read the table below.
    from urllib3 import BaseHTTPResponse, PoolManager

    from watstep.host.context import Context

_ANSWERS = (
    ErrorCode.EINVAL,
    ErrorCode.EACCESS,
    ErrorCode.ENOMEM,
    ErrorCode.ETIMEDOUT,
    ErrorCode.ENET,
    ErrorCode.EHTTP,
    ErrorCode.ETOOBIG,
    ErrorCode.EUTF8,
    ErrorCode.ELIMIT,
)
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_MOST_REDIRECTS = 10
_CHUNK = 65536
_ENTRY = re.compile(
    r"(?P<host>(\*\.)?[^][\s*/\\?#@%:,.][^][\s*/\\?#@%:,]*|\[[0-9A-Fa-f:.]+\])(:(?P<port>[0-9]{1,5}))?"
)
"""A host of a scope: a name, all names below one, or an IPv6 address; and perhaps a port."""


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
    import urllib3

    pool = context.kept("http")
    if pool is None:
        pool = urllib3.PoolManager(retries=False)
        context.keep("http", pool, pool.clear)
    deadline = time.monotonic() + context.patience
    for _ in range(_MOST_REDIRECTS + 1):
        judge(context, url)
        response = _send(pool, method, url, body, headers, deadline)
        context.http_status = response.status
        try:
            location = response.headers.get("Location")
            if response.status not in _REDIRECTS or not location:
                limit = context.settings.limits.answer_bytes
                return _answer(response, _content(response, limit, deadline))
        finally:
            response.close()
        url = _joined(url, location)
        if response.status == 303 or (response.status in {301, 302} and method == "POST"):
            method, body, headers = "GET", None, {}
    raise HostError(ErrorCode.ELIMIT)


def _send(
    pool: PoolManager,
    method: str,
    url: str,
    body: bytes | None,
    headers: dict[str, str],
    deadline: float,
) -> BaseHTTPResponse:
    """The answer's head; `deadline` is in `time.monotonic` seconds."""
    import urllib3

    try:
        return pool.request(
            method,
            url,
            body=body,
            headers={"User-Agent": "watstep", **headers},
            redirect=False,
            preload_content=False,
            timeout=urllib3.Timeout(total=max(deadline - time.monotonic(), 0.001)),
        )
    except urllib3.exceptions.TimeoutError as error:
        # A name that no one answers for is no time-out of the server.
        refused = isinstance(error, urllib3.exceptions.NewConnectionError)
        raise HostError(ErrorCode.ENET if refused else ErrorCode.ETIMEDOUT) from error
    except urllib3.exceptions.LocationValueError as error:
        raise HostError(ErrorCode.EINVAL) from error
    except (urllib3.exceptions.HTTPError, OSError, UnicodeError) as error:
        raise HostError(ErrorCode.ENET) from error


def _content(response: BaseHTTPResponse, limit: int, deadline: float) -> bytes:
    """The body, as it comes, within the limits of size and time."""
    import urllib3

    content = bytearray()
    try:
        while chunk := response.read1(_CHUNK, decode_content=True):
            content += chunk
            if len(content) > limit:
                raise HostError(ErrorCode.ETOOBIG)
            if time.monotonic() > deadline:
                raise HostError(ErrorCode.ETIMEDOUT)
    except urllib3.exceptions.TimeoutError as error:
        raise HostError(ErrorCode.ETIMEDOUT) from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise HostError(ErrorCode.ENET) from error
    return bytes(content)


def _answer(response: BaseHTTPResponse, content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise HostError(ErrorCode.EUTF8) from error
    if not 200 <= response.status < 300:
        raise HostError(ErrorCode.EHTTP, text)
    return text


def _joined(url: str, location: str) -> str:
    from urllib.parse import urljoin

    try:
        return urljoin(url, location)
    except ValueError as error:
        raise HostError(ErrorCode.EINVAL) from error


def judge(context: Context, url: str) -> None:
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
    """Whether one entry of a scope means this host and port; a final dot changes no name."""
    if entry == "*":
        return True
    found = _ENTRY.fullmatch(entry)
    if found is None or port not in ((int(found["port"]),) if found["port"] else (80, 443)):
        return False
    host = found["host"].lower().strip("[]").removesuffix(".")
    actual = (parts.hostname or "").removesuffix(".")
    if host.startswith("*."):
        return actual.endswith(host[1:]) and actual != host[1:]
    return actual == host


def _check_scope(scope: tuple[str, ...]) -> str | None:
    for entry in scope:
        found = _ENTRY.fullmatch(entry)
        if entry != "*" and (found is None or not 0 < int(found["port"] or 80) < 65536):
            return (
                f"`{entry}` is no host: write a name like `example.com`, `*.example.com`, "
                "`localhost:8080` or `[::1]:8080`, without a scheme or a path"
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
            _ANSWERS,
        ),
        HostFunction(
            "post",
            (("url", Takes.TEXT), ("body", Takes.TEXT), ("content_type", Takes.TEXT)),
            Gives.TEXT,
            "send a body, the answer's body",
            _post,
            _ANSWERS,
        ),
        HostFunction(
            "status", (), Gives.NUMBER, "the status of the last answer, 0 before", _status
        ),
    ),
    _check_scope,
    outside=True,
)
