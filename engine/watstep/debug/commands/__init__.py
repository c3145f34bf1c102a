"""The debugger's commands: a row each, in one table."""
