"""The script `watstep`: subcommands go to the engine, the IDE is imported only to open it."""

from __future__ import annotations

import gc
import sys

# typing.TYPE_CHECKING without the import: `--version` loads nothing that it does not need.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from watstep.cli.opening import IdeRequest


def main(arguments: list[str] | None = None) -> int:
    """Run the program with the arguments of the process, or with these; the exit code."""
    if arguments is None:
        # The process is this command's alone: what it loads stays, and to look through that for
        # garbage takes a tenth of `expand`. The IDE looks for it when nobody types.
        gc.disable()
    given = sys.argv[1:] if arguments is None else arguments
    try:
        if given == ["--version"]:
            from watstep.version import VERSION

            print(f"watstep {VERSION}", flush=True)
            return 0
        from watstep.cli.main import main as carry_out
    except KeyboardInterrupt:
        return 130
    except OSError:
        # Said by the longer way, which meets it again.
        from watstep.cli.main import main as carry_out
    return carry_out(given, _open_ide)


def _open_ide(request: IdeRequest) -> int:
    from watstep.errors import UsageError, reason_of
    from watstep_tui.app import run_ide

    settings = request.settings
    try:
        return run_ide(
            request.path,
            request.text,
            settings.arguments,
            settings.grants,
            settings.limits,
            request.run,
        )
    except OSError as failure:
        raise UsageError(f"the IDE needs a terminal: {reason_of(failure)}") from None


if __name__ == "__main__":
    sys.exit(main())
