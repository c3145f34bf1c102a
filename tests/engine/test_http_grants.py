"""A grant of hosts is judged on the very host that would be connected to (LANGUAGE.md 6)."""

from __future__ import annotations

import pytest
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from tests.engine.stepping import program_of
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


@pytest.mark.parametrize(("url", "error"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_grant_cannot_be_talked_around(url: str, error: str) -> None:
    """None of these reaches a host, whatever the two readers of URLs make of them."""
    try:
        connected = parse_url(url).host or ""
    except LocationParseError:
        connected = ""
    outside = not connected.endswith(".good.invalid") or ":8080" in url
    assert outside, "the case says nothing: it is inside the grant"
    settings = RunSettings((url,), parse_grants(["http=*.good.invalid"]))
    outcome = run_machine(program_of(FETCH), settings)
    assert outcome.calls[-1].function == "http.get"
    assert outcome.calls[-1].error == error
