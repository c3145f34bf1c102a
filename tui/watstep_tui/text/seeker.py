"""Matches of a text or a pattern, and what each would become; also a process, which can be ended.

A pattern may take longer than anybody waits, and Python cannot be stopped while it matches one. So
patterns are matched by this file as a program of its own, which loads nothing but these modules.
"""

from __future__ import annotations

import json
import re
import sys
import warnings
from bisect import bisect_right
from typing import NamedTuple

_REFERENCE = re.compile(r"\$(\$|\d{1,2})|\\(\\|n|t|\d{1,2})|\\g<(\w+)>")
_ENDS = re.compile("\r\n?")


class Query(NamedTuple):
    """What is looked for, and what takes its place."""

    sought: str = ""
    replacement: str = ""
    case: bool = False
    """Whether case counts."""
    pattern: bool = False
    """Whether it is a regular expression, with references to groups in the replacement."""


class Hit(NamedTuple):
    """A match from an offset to an offset, and the text that would stand there instead."""

    start: int
    end: int
    text: str


def search(text: str, query: Query, first: int = 0, after: int | None = None) -> list[Hit]:
    r"""Where a query matches between two offsets of a text, in order, without overlaps.

    `^` and `$` are the ends of lines, whatever ends them. In a pattern's replacement `$1` and `\1`
    are groups, `$0` the whole match, `\g<name>` a named group, `\n` and `\t` signs, `$$` a `$`;
    a `$` before anything else is itself.

    Raises:
        ValueError: The pattern or the replacement makes no sense.
    """
    if not query.sought:
        return []
    sought = query.sought if query.pattern else re.escape(query.sought)
    try:
        with warnings.catch_warnings(action="ignore"):
            pattern = re.compile(sought, (0 if query.case else re.IGNORECASE) | re.MULTILINE)
    except re.error as failure:
        place = "" if failure.pos is None else f" at {failure.pos + 1}"
        raise ValueError(f"no pattern: {failure.msg}{place}") from None
    except (OverflowError, RecursionError):
        raise ValueError("no pattern: it is too deep or too large") from None
    if not query.pattern or "\r" not in text:
        found = pattern.finditer(text, first, len(text) if after is None else after)
        return [Hit(*match.span(), _becomes(match, query)) for match in found]
    # Matched where every line ends alike, and led back.
    gone = [match.start() for match in _ENDS.finditer(text) if len(match[0]) == 2]
    flat = [place - count for count, place in enumerate(gone)]
    within = (_flattened(gone, first), _flattened(gone, len(text) if after is None else after))
    return [
        Hit(_led_back(flat, match.start()), _led_back(flat, match.end()), _becomes(match, query))
        for match in pattern.finditer(_ENDS.sub("\n", text), *within)
    ]


def _flattened(gone: list[int], offset: int) -> int:
    return offset - bisect_right(gone, offset - 1)


def _led_back(flat: list[int], offset: int) -> int:
    return offset + bisect_right(flat, offset - 1)


def _becomes(match: re.Match[str], query: Query) -> str:
    """What a match is replaced by."""
    if not query.pattern:
        return query.replacement

    def referred(reference: re.Match[str]) -> str:
        sign = reference[1] or reference[2]
        if sign in _SIGNS:
            return _SIGNS[sign]
        name = int(sign) if sign else reference[3]
        try:
            return match[name] or ""
        except IndexError:
            raise ValueError(f"the pattern has no group {name}") from None

    return _REFERENCE.sub(referred, query.replacement)


_SIGNS = {"$": "$", "\\": "\\", "n": "\n", "t": "\t"}


def main() -> None:
    """Answer what stands on standard input."""
    asked = json.load(sys.stdin)
    try:
        hits = search(asked["text"], Query(*asked["query"]), *asked["within"])
        json.dump({"hits": hits}, sys.stdout)
    except ValueError as failure:
        json.dump({"problem": str(failure)}, sys.stdout)


if __name__ == "__main__":
    main()
