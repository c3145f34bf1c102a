"""The version, alone in its module so that `--version` need load nothing else."""

VERSION = "0.1.0"
