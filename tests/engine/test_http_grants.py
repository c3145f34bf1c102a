"""A grant of hosts is judged on the very host that would be connected to (LANGUAGE.md 6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from tests.engine.stepping import program_of
from watstep.errors import UsageError
from watstep.host.capabilities.http import judge
from watstep.host.context import Cancellation, Context
from watstep.host.errors import HostError
from watstep.host.grants import parse_grants
from watstep.host.settings import RunSettings
from watstep.machine.run import run_machine

FETCH = """(argv 0 $url) (call $http.get (local.get $url))
(local $err i32) (local $page i32) (local.set $err) (local.set $page) (local.get $err)"""

HOSTILE = [
    ("http://evil.invalid\\x.good.invalid/", "EINVAL"),
    ("http://evil.invalid\\@x.good.invalid/", "EINVAL"),
    ("http://evil.invalid\t.good.invalid/", "EINVAL"),
    ("http://evil.invalid /.good.invalid/", "EINVAL"),
    ("http://evil.invalid#.good.invalid/", "EACCESS"),
    ("http://evil.invalid?.good.invalid/", "EACCESS"),
    ("http://x.good.invalid@evil.invalid/", "EACCESS"),
    ("http://x.good.invalid%2eevil.invalid/", "EACCESS"),
    ("http://good.invalid/", "EACCESS"),
    ("http://x.good.invalid:8080/", "EACCESS"),
]


SCOPES = [
    ("good.invalid", "http://good.invalid/", "ENET"),
    ("good.invalid", "https://good.invalid/", "ENET"),
    ("good.invalid", "http://good.invalid:80/", "ENET"),
    ("good.invalid", "http://good.invalid:443/", "ENET"),
    ("good.invalid", "http://good.invalid:8080/", "EACCESS"),
    ("good.invalid", "http://x.good.invalid/", "EACCESS"),
    ("good.invalid", "http://GOOD.Invalid/", "ENET"),
    ("GOOD.invalid", "http://good.invalid/", "ENET"),
    ("good.invalid", "http://good.invalid./", "ENET"),
    ("good.invalid.", "http://good.invalid/", "ENET"),
    ("good.invalid", "http://good.invalid../", "EACCESS"),
    ("good.invalid:8080", "http://good.invalid:8080/", "ENET"),
    ("good.invalid:8080", "http://good.invalid/", "EACCESS"),
    ("*.good.invalid", "http://a.b.good.invalid/", "ENET"),
    ("*.good.invalid", "http://good.invalid/", "EACCESS"),
    ("*.good.invalid", "http://xgood.invalid/", "EACCESS"),
    ("*.good.invalid", "http://.good.invalid/", "EACCESS"),
    ("one.invalid,good.invalid", "http://good.invalid/", "ENET"),
    ("*", "http://good.invalid:9/", "ENET"),
    ("[::1]", "http://[::1]:9/", "EACCESS"),
    ("[::1]:9", "http://[::1]:9/", "ENET"),
    ("[::1]", "http://127.0.0.1/", "EACCESS"),
    ("127.0.0.1", "http://2130706433/", "EACCESS"),
    ("127.0.0.1", "http://0x7f.1/", "EACCESS"),
    ("127.0.0.1", "http://localhost/", "EACCESS"),
]


def error_of(grant: str, url: str) -> str | None:
    """What a program gets that fetches the URL."""
    outcome = run_machine(program_of(FETCH), RunSettings((url,), parse_grants([grant])))
    assert outcome.calls[-1].function == "http.get"
    return outcome.calls[-1].error


@pytest.mark.parametrize(("scope", "url", "error"), SCOPES)
def test_scopes(scope: str, url: str, error: str) -> None:
    """Names, ports, the wildcard, case, a final dot, IPv6; ENET is a host that would be asked."""
    assert error_of(f"http={scope}", url) == error


@pytest.mark.parametrize(
    "scope",
    [
        *("", "http://x.invalid", "x.invalid/path", "me@x.invalid", "x.invalid:", "x.invalid:0"),
        *("x.invalid:99999", "x.invalid:http", "*:80", "*.", "a.*.invalid", "x*.invalid", "::1"),
        *("[::1", "[x]", ".invalid", "a b", "a,,b", "**"),
    ],
)
def test_scopes_that_mean_nothing(scope: str) -> None:
    """They are refused when they are read rather than never matched."""
    with pytest.raises(UsageError, match="is no host"):
        parse_grants([f"http={scope}"])


@pytest.mark.parametrize(
    ("granted", "denied", "says"),
    [
        (["htp=x"], [], "did you mean `http`"),
        (["zzz"], [], "there are sys, dbg, http, kv"),
        (["sys=x"], [], "takes no scope"),
        (["dbg="], [], "takes no scope"),
        (["kv="], [], "one database file"),
        (["kv=a,b"], [], "one database file"),
        (["kv=a", "kv=b"], [], "one database file"),
        ([""], [], "there is no capability"),
        ([], ["nothing"], "there is no capability"),
    ],
)
def test_grants_that_mean_nothing(granted: list[str], denied: list[str], says: str) -> None:
    """Each says what to write."""
    with pytest.raises(UsageError, match=says):
        parse_grants(granted, denied)


def test_grants_add_up() -> None:
    """`sys` and `dbg` unless taken away; scopes of one capability from several options."""
    assert parse_grants([]) == {"sys": (), "dbg": ()}
    both = parse_grants(["http=a.invalid", "http=b.invalid,c.invalid", "kv"], ["dbg", "http"])
    assert both == {"sys": (), "kv": ()}
    assert parse_grants(["http=a", "http=b, c"])["http"] == ("a", "b", "c")


@pytest.mark.parametrize(("url", "error"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_grant_cannot_be_talked_around(url: str, error: str) -> None:
    """None of these reaches a host, whatever the two readers of URLs make of them."""
    try:
        connected = parse_url(url).host or ""
    except LocationParseError:
        connected = ""
    outside = not connected.endswith(".good.invalid") or ":8080" in url
    assert outside, "the case says nothing: it is inside the grant"
    assert error_of("http=*.good.invalid", url) == error


PIECES = st.sampled_from(
    [
        *("good.invalid", "evil.invalid", "GOOD", "x.", ".", "..", "/", "//", "\\", "@", ":", "80"),
        *(":8080", "#", "?", "%2e", "%40", "%00", "[", "]", "::1", "http:", "https://", "\t", "\n"),
        *(
            " ",
            "\0",
            "\u3002",
            "\uff0e",
            "\u2024",
            "\u212a",
            "\xad",
            "é",
            "0x7f.1",
            "2130706433",
            "&",
            ";",
        ),
    ]
)


@settings_of(max_examples=1500, deadline=None)
@given(st.lists(PIECES, max_size=8))
def test_what_is_allowed_is_what_is_connected_to(pieces: list[str]) -> None:
    """Whatever the text, a URL that the scope covers leads to a host that the scope covers."""
    url = "http://" + "".join(pieces)
    context = Context(
        RunSettings((), {"http": ("good.invalid", "*.good.invalid")}), Cancellation(), 0
    )
    try:
        judge(context, url)
    except HostError:
        return
    try:
        connected = parse_url(url)
    except LocationParseError:
        return
    host = (connected.host or "").removesuffix(".")
    assert host == "good.invalid" or host.endswith(".good.invalid")
    assert connected.port in {None, 80, 443}
    assert connected.auth is None
