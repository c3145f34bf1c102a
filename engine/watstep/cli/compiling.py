"""A file to a checked program, for the subcommands that need one."""

from __future__ import annotations

from watstep.errors import SourceError
from watstep.host.catalog import INTERFACE
from watstep.lint.project import project_of
from watstep.pipeline import Compilation, Program, compile_source
from watstep.source.text import Source


def compile_file(source: Source) -> Compilation:
    """Take a text through every phase, against what this host offers, as its project says."""
    return compile_source(source, INTERFACE, levels=project_of(source.name).levels)


def compile_program(source: Source) -> tuple[Program, Compilation]:
    """A program that passed every check, with its warnings; raises `SourceError`."""
    compilation = compile_file(source)
    if compilation.program is None:
        raise SourceError(source, compilation.diagnostics)
    return compilation.program, compilation
