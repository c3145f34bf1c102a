"""`watstep format`: programs laid out by the formatter, in place."""

from __future__ import annotations

import sys
from typing import Any

from watstep.cli.arguments import Request
from watstep.cli.output import differing, print_diagnostics
from watstep.cli.reading import STANDARD_INPUT, read_source
from watstep.cli.rewriting import rewrite
from watstep.editing.format import applied, format_source
from watstep.errors import SourceError, UsageError
from watstep.source.render import printable
from watstep.source.text import Source

_WOULD_CHANGE = 1
_REFUSED = 2


def format_command(request: Request) -> int:
    """Format every file; what cannot be read or is no tree is told, the others are formatted."""
    values = request.values
    if values.get("stdout") and (values.get("check") or values.get("diff")):
        raise UsageError("`--stdout` prints the text, `--check` and `--diff` what would change")
    return max([_format(word, values) for word in request.words])


def _format(word: str, values: dict[str, Any]) -> int:
    """Format one file; its exit code."""
    try:
        source = read_source(word)
    except SourceError as refused:
        print_diagnostics(refused.source, refused.diagnostics)
        return _REFUSED
    found = format_source(source)
    if found.problems:
        print_diagnostics(source, found.problems)
        sys.stderr.write(
            f"{printable(source.name)}: left as it is: mend what is told above first\n"
        )
        return _REFUSED
    text = applied(source, found.edits)
    if values.get("check") or values.get("diff"):
        return _told(source, text, values)
    if values.get("stdout") or word == STANDARD_INPUT:
        sys.stdout.write(text)
    elif found.edits:
        rewrite(word, text)
    return 0


def _told(source: Source, text: str, values: dict[str, Any]) -> int:
    """Say what would change, as a difference where that was asked for."""
    if text == source.text:
        return 0
    if values.get("diff"):
        for line in differing(source, text, "formatted"):
            sys.stdout.write(f"{line}\n")
    if not values.get("check"):
        return 0
    sys.stderr.write(f"{printable(source.name)}: not formatted\n")
    return _WOULD_CHANGE
