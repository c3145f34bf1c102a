"""`watstep check`: what is wrong with a program."""

from __future__ import annotations

import sys

from watstep.cli.arguments import Request
from watstep.cli.compiling import compile_file
from watstep.cli.output import diagnostic_json, print_diagnostics, print_json
from watstep.cli.reading import read_source
from watstep.source.diagnostic import has_errors


def check_command(request: Request) -> int:
    """Print every diagnostic; 2 where one is an error."""
    source = read_source(request.words[0])
    diagnostics = compile_file(source).diagnostics
    if request.values.get("json"):
        print_json({"diagnostics": [diagnostic_json(source, found) for found in diagnostics]})
    else:
        print_diagnostics(source, diagnostics)
        if not diagnostics:
            sys.stderr.write(f"{source.name}: no problems\n")
    return 2 if has_errors(diagnostics) else 0
