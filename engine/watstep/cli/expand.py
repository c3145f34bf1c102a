"""`watstep expand`: the standard WAT that a program becomes, in any view, as text, map or page."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from watstep.cli.arguments import Request
from watstep.cli.output import print_diagnostics, print_json, wants_colour
from watstep.cli.reading import read_source
from watstep.errors import SourceError, UsageError, reason_of
from watstep.expand.expander import expand
from watstep.expand.pieces import Expansion, Pass, Rendering
from watstep.host.catalog import INTERFACE
from watstep.source.diagnostic import has_errors
from watstep.syntax.parser import parse

if TYPE_CHECKING:
    from watstep.source.text import Source

_VIEWS = (("last",), ("level", "lines"), ("flat",), ("interleaved",))
"""Options of which those of one row alone may be given."""
_FORMS = ("map", "html", "svg")


def expand_command(request: Request) -> int:
    """Print the expansion, or the view that was asked for; nothing where there are errors."""
    values = request.values
    _refuse_two(values)
    source = read_source(request.words[0])
    name, expansion, rendering = _flat(source) if values.get("flat") else _expanded(source, values)
    if values.get("map"):
        from watstep.views.source_map import source_map

        print_json(source_map(expansion, rendering, name))
    elif "html" in values or "svg" in values:
        _draw(expansion, rendering, name, values)
    else:
        text = rendering.text
        sys.stdout.write(_coloured(text) if wants_colour(sys.stdout) else text)
    return 0


def _refuse_two(values: dict[str, Any]) -> None:
    """One view and one form at a time."""
    given = [row for row in _VIEWS if any(name in values for name in row)]
    if len(given) > 1:
        raise UsageError("`--pass`, `--level`, `--flat` and `--interleaved` are views: choose one")
    if sum(name in values for name in _FORMS) > 1:
        raise UsageError("`--map`, `--html` and `--svg` are forms of the answer: choose one")


def _expanded(source: Source, values: dict[str, Any]) -> tuple[str, Expansion, Rendering]:
    """A view that needs no more than the expansion, and its name."""
    tree = parse(source)
    expansion = expand(tree, INTERFACE)
    diagnostics = (*tree.diagnostics, *expansion.diagnostics)
    if has_errors(diagnostics):
        raise SourceError(source, diagnostics)
    print_diagnostics(source, diagnostics)
    if values.get("last"):
        last = Pass(values["last"])
        return last.value, expansion, expansion.after(last)
    if values.get("interleaved"):
        from watstep.views.interleaved import interleaved

        return "interleaved", expansion, interleaved(expansion)
    if "level" in values or "lines" in values:
        from watstep.views.levels import one_level, opened_on, opened_to

        opened = opened_to(expansion, values.get("level", 0))
        lines: list[int] = values.get("lines", [])
        for line in set(lines):
            found = opened_on(expansion, line, values.get("level", 0) + lines.count(line))
            if not found:
                raise UsageError(f"`--open {line}`: no macro, string or local begins on that line")
            opened |= found
        return "level", expansion, one_level(expansion, opened)
    return "full", expansion, expansion.full


def _flat(source: Source) -> tuple[str, Expansion, Rendering]:
    """The view that needs a program which passed every check."""
    from watstep.cli.compiling import compile_program
    from watstep.views.flat import flat

    program, compilation = compile_program(source)
    print_diagnostics(source, compilation.diagnostics)
    return "flat", program.expansion, flat(program.expansion, program.module)


def _draw(expansion: Expansion, rendering: Rendering, name: str, values: dict[str, Any]) -> None:
    """The source beside the view, into a file or to standard output."""
    from watstep.views.drawing import drawing, page
    from watstep.views.sheet import sheet

    both = sheet(expansion, rendering, f"expanded: {name}")
    text = page(both) if "html" in values else drawing(both)
    path: str = values.get("html") or values.get("svg") or ""
    if path == "-":
        sys.stdout.write(text)
        return
    from pathlib import Path

    try:
        Path(path).write_text(text, "utf-8")
    except (OSError, ValueError) as failure:
        raise UsageError(f"cannot write `{path}`: {reason_of(failure)}") from None


def _coloured(text: str) -> str:
    from pygments import highlight
    from pygments.formatters.terminal import TerminalFormatter

    from watstep.source.render import printable
    from watstep.syntax.pygments_lexer import ExtendedWatLexer

    lexer = ExtendedWatLexer(stripnl=False, ensurenl=False)
    return highlight(printable(text.replace("\r\n", "\n")), lexer, TerminalFormatter())
