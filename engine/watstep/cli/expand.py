"""`watstep expand`: the standard WAT that a program becomes."""

from __future__ import annotations

import sys

from watstep.cli.arguments import Request
from watstep.cli.output import print_diagnostics, wants_colour
from watstep.cli.reading import read_source
from watstep.errors import SourceError
from watstep.expand.expander import expand
from watstep.expand.pieces import Pass
from watstep.host.catalog import INTERFACE
from watstep.source.diagnostic import has_errors
from watstep.syntax.parser import parse


def expand_command(request: Request) -> int:
    """Print the expansion after all passes, or after the one that `--pass` names."""
    source = read_source(request.words[0])
    tree = parse(source)
    expansion = expand(tree, INTERFACE)
    diagnostics = (*tree.diagnostics, *expansion.diagnostics)
    if has_errors(diagnostics):
        raise SourceError(source, diagnostics)
    last = request.values.get("last")
    rendering = expansion.after(Pass(last)) if last else expansion.full
    print_diagnostics(source, diagnostics)
    sys.stdout.write(_coloured(rendering.text) if wants_colour(sys.stdout) else rendering.text)
    return 0


def _coloured(text: str) -> str:
    from pygments import highlight
    from pygments.formatters.terminal import TerminalFormatter

    from watstep.source.render import printable
    from watstep.syntax.pygments_lexer import ExtendedWatLexer

    lexer = ExtendedWatLexer(stripnl=False, ensurenl=False)
    return highlight(printable(text.replace("\r\n", "\n")), lexer, TerminalFormatter())
