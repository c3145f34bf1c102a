"""Run files: a run as plain text, written, read, and held against what the program does."""

BEGINS = b'{"record"'
"""How a run file begins, as no program does."""
