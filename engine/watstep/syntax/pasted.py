"""Text that came out of a chat: prose, fenced blocks, and a program somewhere in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from pygments.token import Error, Keyword

from watstep.source.diagnostic import Diagnostic, Edit, Fix, Severity
from watstep.source.text import Source, Span
from watstep.syntax.tree import Atom, Item
from watstep.wasm.instructions import INSTRUCTIONS

_FENCE = re.compile(r"^[ \t]*(```|~~~)[ \t]*([^\s`]*)[^\n]*(?:\n|\Z)", re.MULTILINE)
_PROSE = re.compile(r"[A-Z][A-Za-z'\u2019]*(?:[ ,:!.][^\r\n]*)?\r?$", re.MULTILINE)
_CODE_LINE = re.compile(r"^[ \t]*(?:\(|;;)", re.MULTILINE)
_LANGUAGES = frozenset(("wat", "wast", "wasm", "webassembly"))


class _Block(NamedTuple):
    """What stands between two fences, and the language that the first names."""

    span: Span
    language: str


def pasted(source: Source, tokens: list[Atom]) -> Diagnostic | None:
    """One diagnostic whose fixes keep the program; None where nothing looks pasted.

    Only what stands outside strings and comments counts.
    """
    text = source.text
    strange = {token.start for token in tokens if token.kind is Error}
    blocks = _blocks(text, strange)
    if blocks:
        holding = [b for b in blocks if _CODE_LINE.search(text[b.span.start : b.span.end])]
        best = sorted(holding, key=lambda b: (b.language not in _LANGUAGES, b.span.start))
        return _found(text, [_keep_only(text, block.span) for block in best])
    prose = any(_PROSE.match(text, start) and _begins_line(text, start) for start in strange)
    if not prose and not is_sentence(tokens):
        return None
    edits = _prose_edits(source, tokens)
    if not edits:
        return None
    left = sum(edit.span.end - edit.span.start for edit in edits) < len(text.strip())
    return _found(text, [edits] if left else [])


def is_sentence(tokens: Sequence[Item]) -> bool:
    """Whether a text begins with words, none of which an instruction."""
    words = [token.text for token in tokens[:3] if type(token) is Atom and token.kind is Keyword]
    return len(words) == 3 and not any("." in word or word in INSTRUCTIONS for word in words)


def _blocks(text: str, strange: set[int]) -> list[_Block]:
    """The fenced blocks; the last one may lack its closing fence."""
    blocks: list[_Block] = []
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            if fence.start(1) in strange:
                opened = fence
        elif fence[1] == opened[1] and not fence[2]:
            blocks.append(_Block(Span(opened.end(), fence.start()), opened[2].lower()))
            opened = None
    if opened is not None:
        blocks.append(_Block(Span(opened.end(), len(text)), opened[2].lower()))
    return blocks


def _keep_only(text: str, keep: Span) -> tuple[Edit, ...]:
    edits = (Edit(Span(0, keep.start), ""), Edit(Span(keep.end, len(text)), ""))
    return tuple(edit for edit in edits if edit.span.start < edit.span.end)


def _prose_edits(source: Source, tokens: list[Atom]) -> tuple[Edit, ...]:
    """Take away every line outside forms that does not begin with a form or a comment."""
    starts = [*source.line_starts, len(source.text)]
    edits: list[Edit] = []
    depth, index = 0, 0
    for start, end in pairwise(starts):
        first = index
        while index < len(tokens) and tokens[index].start < end:
            index += 1
        line = tokens[first:index]
        code = bool(line) and (line[0].text == "(" or line[0].text.startswith(("(;", ";;")))
        if line and depth == 0 and not code:
            edits.append(Edit(Span(start, end), ""))
            continue
        for token in line:
            depth += {"(": 1, ")": -1}.get(token.text, 0)
        depth = max(depth, 0)
    return tuple(edits)


def _begins_line(text: str, offset: int) -> bool:
    return not text[text.rfind("\n", 0, offset) + 1 : offset].strip(" \t\ufeff")


def _found(text: str, ways: list[tuple[Edit, ...]]) -> Diagnostic:
    if not ways:
        message = "this is prose, there is no program in it"
        return Diagnostic("pasted-chat", Severity.ERROR, Span(0, len(text)), message)
    message = "this looks pasted from a chat: keep the program and take the rest away"
    titles = ["keep only the program"]
    if len(ways) > 1:
        message = f"this looks pasted from a chat, with {len(ways)} programs: keep one of them"
        titles = [
            f"keep only program {number} of {len(ways)}" for number in range(1, len(ways) + 1)
        ]
    fixes = tuple(Fix(title, edits) for title, edits in zip(titles, ways, strict=True))
    first = ways[0][0].span
    place = Span(first.start, max(first.end, first.start + 1)) if first.start == 0 else first
    return Diagnostic("pasted-chat", Severity.ERROR, place, message, fixes=fixes)
