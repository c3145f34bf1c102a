"""`watstep open`: the run of a run file in the IDE."""

from __future__ import annotations

from watstep.cli.arguments import Request
from watstep.cli.opening import IdeRequest, OpenIde
from watstep.cli.run_files import read_run_file, refuse_settings
from watstep.host.settings import RunSettings


def open_command(request: Request, open_ide: OpenIde) -> int:
    """Step through the run of a file; what it was granted counts for no other run."""
    refuse_settings(request.words, request.values)
    run = read_run_file(request.words[0])
    return open_ide(IdeRequest(None, None, RunSettings(), run))
