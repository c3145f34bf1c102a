"""Run files: a run as plain text, written, read, and held against what the program does."""
