"""`watstep check --fix`: every fix that needs nobody's judgement, made in the file."""

from __future__ import annotations

import sys

from watstep.cli.arguments import Request
from watstep.cli.output import differing
from watstep.cli.reading import STANDARD_INPUT
from watstep.cli.rewriting import rewrite
from watstep.editing.mending import repaired
from watstep.errors import UsageError
from watstep.host.catalog import INTERFACE
from watstep.source.render import printable
from watstep.source.text import Source


def fix_file(source: Source, request: Request) -> Source:
    """Make the safe fixes and say on standard error what changed; the text as it stands then.

    With `--dry-run` the file stays as it is, and so does the answer. Of standard input the mended
    text goes to standard output. Raises `UsageError`: the file cannot be written, or there is no
    place for the text.
    """
    word, dry = request.words[0], bool(request.values.get("dry_run"))
    if word == STANDARD_INPUT and not dry and {"json", "repair_prompt"} & {*request.values}:
        raise UsageError("the mended text goes to standard output: write the program to a file")
    mended = repaired(source, INTERFACE)
    name = printable(source.name)
    for line in differing(source, mended.text, "fixed", around=1):
        sys.stderr.write(printable(line.rstrip("\r")) + "\n")
    for problem, fix in mended.done:
        sys.stderr.write(f"{problem.code}: {printable(fix.title)}\n")
    verb = "would make" if dry else "made"
    sys.stderr.write(f"{name}: {verb} {_fixes(len(mended.done))}\n")
    if dry:
        return source
    if word == STANDARD_INPUT:
        sys.stdout.write(mended.text)
    elif mended.done:
        rewrite(word, mended.text)
    return Source(source.name, mended.text)


def _fixes(count: int) -> str:
    return "1 safe fix" if count == 1 else f"{count} safe fixes"
