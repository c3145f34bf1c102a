"""`watstep replay`: a run file held against what its program does, offline."""

from __future__ import annotations

import sys

from watstep.cli.arguments import Request
from watstep.cli.output import print_json
from watstep.cli.run_files import read_run_file
from watstep.debug.commands.table import execute
from watstep.debug.opening import session_on, take_up
from watstep.debug.reports import reply_value
from watstep.errors import CommandError, UsageError
from watstep.runfile.comparing import replay_run, replay_text, replay_value
from watstep.runfile.reading import RunFile
from watstep.source.render import printable


def replay_command(request: Request) -> int:
    """Repeat a run on its recorded answers: 0 it is the same, 1 it differs.

    With `--until` its state at an instant, after that was held against the file.
    """
    values = request.values
    run = read_run_file(request.words[0])
    replay = replay_run(run)
    until, as_json = values.get("until"), bool(values.get("json"))
    if replay.difference is None and until is not None:
        _show_instant(run, until, as_json)
    elif as_json:
        print_json(replay_value(run, replay))
    else:
        sys.stdout.write(printable(replay_text(run, replay)) + "\n")
    return 1 if replay.difference else 0


def _show_instant(run: RunFile, instant: int, as_json: bool) -> None:
    """Print where the run stands at an instant; raises `UsageError` where there is none."""
    session = session_on(run)
    try:
        take_up(session, run)
        stop = execute(session, f"goto {instant}").stop
        shown = [execute(session, line) for line in ("state", "stack", "locals", "calls")]
        if as_json:
            print_json(reply_value(session, f"goto {instant}", stop, shown[0].result))
        else:
            sys.stdout.write(printable("\n".join(reply.text for reply in shown)) + "\n")
    except CommandError as refused:
        raise UsageError(f"`--until {instant}`: {refused}") from None
    finally:
        session.close()
