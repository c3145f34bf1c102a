"""`watstep build`: the binary module."""

from __future__ import annotations

import sys
from pathlib import Path

from watstep.cli.arguments import Request
from watstep.cli.compiling import compile_program
from watstep.cli.output import print_diagnostics
from watstep.cli.reading import read_source
from watstep.errors import UsageError, reason_of


def build_command(request: Request) -> int:
    """Write the module to the file of `-o`; nothing is written where the program has errors."""
    output = request.values.get("output")
    if output is None:
        raise UsageError("say where to write the module: `watstep build FILE -o OUT.wasm`")
    source = read_source(request.words[0])
    program, compilation = compile_program(source)
    print_diagnostics(source, compilation.diagnostics)
    if output == "-":
        sys.stdout.buffer.write(program.binary)
        sys.stdout.buffer.flush()
        return 0
    try:
        Path(output).write_bytes(program.binary)
    except (OSError, ValueError) as failure:
        raise UsageError(f"cannot write `{output}`: {reason_of(failure)}") from None
    return 0
