"""The command line: every subcommand but the IDE itself; standard output is data."""
