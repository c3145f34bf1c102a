"""Commands that move along the run, or begin another (STEPPING.md S1 to S12)."""

from __future__ import annotations

from collections.abc import Callable

from watstep.debug import landmarks
from watstep.debug.commands.row import (
    Command,
    Reply,
    moved,
    moving,
    no_argument,
    read_count,
    read_line,
    read_number,
    still,
)
from watstep.debug.ground import Ground, Move
from watstep.debug.session import Session
from watstep.debug.state import Level, Position, Stop
from watstep.errors import NoCommandError


def _goto(session: Session, argument: str) -> Reply:
    if not argument:
        raise NoCommandError("give an instant, or `end`")
    if argument != "end":
        return moved(session, "goto", session.goto(read_number(argument, "an instant")))
    session.finish()
    return moved(session, "goto", session.goto(session.timeline.frontier))


def _until(session: Session, argument: str) -> Reply:
    level, line, count = read_line(session, argument)
    return moved(session, "until", session.until(line, level, read_count(count)))


def _back_until(session: Session, argument: str) -> Reply:
    level, line, count = read_line(session, argument)
    return moved(session, "back-until", session.back_until(line, level, read_count(count)))


def _level(session: Session, argument: str) -> Reply:
    if argument:
        begun = [level for level in Level if level.value.startswith(argument)]
        if len(begun) != 1:
            names = ", ".join(level.value for level in Level)
            raise NoCommandError(f"a level is one of {names}")
        session.level = begun[0]
    text = f"the level is {session.level.value}"
    return Reply("level", still(text), text, session.level.value)


def _restart(session: Session, argument: str) -> Reply:
    no_argument(argument)
    return moved(session, "restart", session.restart())


def _run(session: Session, argument: str) -> Reply:
    no_argument(argument)
    return moved(session, "run", session.run())


def _fuel(session: Session, argument: str) -> Reply:
    units = read_number(argument, "an amount of fuel")
    return moved(session, "fuel", session.goto_fuel(units))


def _landmark(move: Callable[[Ground, Position], Move]) -> Callable[[Session, int], Stop]:
    return lambda session, count: session.move(count, move)


MOVING: tuple[Command, ...] = (
    Command(
        "step",
        ("s",),
        "[N]",
        "to the next statement, into calls and macros",
        moving("step", Session.step),
    ),
    Command(
        "next", ("n",), "[N]", "to the next statement, over calls", moving("next", Session.next)
    ),
    Command("out", ("o",), "[N]", "until this frame is left", moving("out", Session.out)),
    Command("back", ("S",), "[N]", "undo a step", moving("back", Session.back)),
    Command("back-over", ("N",), "[N]", "undo a next", moving("back-over", Session.back_over)),
    Command(
        "back-out",
        ("O",),
        "[N]",
        "to before the call that made this frame",
        moving("back-out", Session.back_out),
    ),
    Command(
        "continue",
        ("c",),
        "[N]",
        "to the next breakpoint or the end",
        moving("continue", Session.continue_),
    ),
    Command(
        "reverse-continue",
        ("C", "rc"),
        "[N]",
        "to the breakpoint before or the start",
        moving("reverse-continue", Session.reverse_continue),
    ),
    *(
        Command(name, (), "[N]", said, moving(name, _landmark(move)))
        for name, said, move in (
            ("next-call", "to before the next host call", landmarks.next_call),
            ("previous-call", "to before the host call before", landmarks.previous_call),
            ("next-iteration", "until the loop begins again", landmarks.next_iteration),
            ("previous-iteration", "to where the loop began", landmarks.previous_iteration),
            ("loop-end", "until the loop is left", landmarks.loop_end),
            ("loop-start", "to where the loop was entered", landmarks.loop_start),
        )
    ),
    Command("fuel", (), "N", "to where N units of fuel are used", _fuel),
    Command("goto", ("g",), "INSTANT|end", "to an instant of the run", _goto),
    Command("until", ("u",), "LINE [N]", "to the next time that a line is reached", _until),
    Command(
        "back-until", ("U",), "LINE [N]", "to the last time that a line was reached", _back_until
    ),
    Command("level", (), "source|expansion|instruction", "what a step is", _level),
    Command("run", (), "", "a new live run", _run),
    Command("restart", (), "", "to instant 0, on the same answers", _restart),
)
