"""Texts with places to fill in, and what it takes to put one where a word is begun."""

from __future__ import annotations

import re
from typing import NamedTuple

from watstep.source.diagnostic import Edit
from watstep.source.text import Span

_LINE_END = re.compile(r"\r\n?|\n")
_STOP = re.compile("«([^»]*)»")


class Template(NamedTuple):
    """A text and the parts of it to be filled in, in order; lines after the first are indented."""

    text: str
    stops: tuple[Span, ...] = ()


class Insertion(NamedTuple):
    """An edit of a text, and the places to fill in as spans of the edited text."""

    edit: Edit
    stops: tuple[Span, ...]
    end: int
    """After all that was written, in the edited text."""


def template(written: str) -> Template:
    """The template of a text in which `«N»` is a place to fill in that shows N."""
    text, stops, at = "", [], 0
    for match in _STOP.finditer(written):
        text += written[at : match.start()]
        stops.append(Span(len(text), len(text) + len(match[1])))
        text += match[1]
        at = match.end()
    return Template(text + written[at:], tuple(stops))


def inserted(text: str, span: Span, chosen: Template) -> Insertion:
    """Write a template in the place of `span` of a text, indented like the line it begins on."""
    start = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
    line = text[start : span.start].removeprefix("\ufeff")
    indent = line[: len(line) - len(line.lstrip())]
    found = _LINE_END.search(text)
    end = found[0] if found else "\n"
    written = chosen.text.replace("\n", end + indent)

    def place(at: int) -> int:
        return span.start + at + (len(end + indent) - 1) * chosen.text.count("\n", 0, at)

    stops = tuple(Span(place(stop.start), place(stop.end)) for stop in chosen.stops)
    return Insertion(Edit(span, written), stops, span.start + len(written))
