"""The script `watstep`: every subcommand goes to the engine, the IDE is imported only to open it."""


def main() -> int:
    """Run the program; the exit code."""
    raise NotImplementedError
