"""What the stepping tests share: sessions over programs, and walks over their stops."""

from __future__ import annotations

from collections.abc import Callable

from watstep.debug.session import Session
from watstep.debug.state import Stop
from watstep.host.catalog import INTERFACE
from watstep.host.grants import parse_grants
from watstep.host.settings import RunLimits, RunSettings
from watstep.pipeline import Program, compile_source
from watstep.source.text import Source

MOST_STOPS = 400


def program_of(text: str, name: str = "case.wat") -> Program:
    """A program that must have no errors."""
    compilation = compile_source(Source(name, text), INTERFACE)
    assert compilation.program is not None, compilation.diagnostics
    return compilation.program


def session_of(
    text: str,
    arguments: tuple[str, ...] = (),
    grants: tuple[str, ...] = (),
    limits: RunLimits | None = None,
) -> Session:
    """A live session at instant 0."""
    settings = RunSettings(arguments, parse_grants(grants), limits or RunLimits(fuel=20_000))
    return Session(program_of(text), settings)


def walk(session: Session, move: Callable[[], Stop]) -> list[tuple[int, int]]:
    """The positions (instant, entered) that repeating a move comes to, the present one first."""
    positions = [tuple(session.position)]
    while len(positions) < MOST_STOPS and move().moved:
        positions.append(tuple(session.position))
    return [(instant, entered) for instant, entered in positions]
