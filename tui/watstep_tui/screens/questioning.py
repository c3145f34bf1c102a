"""Questions to a run, one key each, from the value, the line or the call under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.text import Text

from watstep.debug.branches_told import comparison
from watstep.debug.causes import Cause, Causes, Operand
from watstep.debug.commands.asking import who
from watstep.debug.commands.questions import occasions_asked, occasions_of, stretch_of
from watstep.debug.commands.row import Reply
from watstep.debug.commands.table import execute, find
from watstep.debug.occasions import Occasions, of_host, of_places
from watstep.debug.session import Session
from watstep.debug.spots import InLocal, InMemory, OnStack, Sites, Spot
from watstep.debug.state import Stop, StopReason
from watstep.debug.subject import target
from watstep.debug.telling import stretch_rows
from watstep.debug.writers import Writers
from watstep.errors import CommandError, NoCommandError
from watstep.host.tape import HostCall, value_text
from watstep.wasm.values import signed
from watstep_tui.rows.leading import CauseRows, LeadingRows, OccasionRows, ToldRows
from watstep_tui.rows.memory import MemoryRows
from watstep_tui.rows.snapshot import Snapshot
from watstep_tui.screens.board import CODE
from watstep_tui.screens.dialogs.pick import PickDialog
from watstep_tui.screens.looking import Looking
from watstep_tui.screens.session import SessionScreen
from watstep_tui.screens.tabs import CALLS, MEMORY

OPENED = 3
"""How many rows of a new tree are opened, each the first under the one before."""

_INNERMOST = -1
"""The depth of a frame that is known only once the session is at its instant."""

_INTERRUPTED = Reply("", Stop(StopReason.CANCELLED, 0, "interrupted"))


class Value(NamedTuple):
    """A value that can be asked about."""

    name: str
    spot: Spot
    shown: str
    """What it is, for a list of values."""


class Questioning:
    """The rows of the registry that ask of a run; answers that are lists lead to instants."""

    def __init__(self, screen: SessionScreen, looking: Looking) -> None:
        """Ask the session of a screen."""
        self.screen, self.board, self.looking = screen, screen.board, looking
        self.mark: int | None = None
        """Where a stretch begins, None where no mark was set."""
        self.origin: int | None = None
        """Where one was when a question began to lead elsewhere."""
        self.before = 0
        """The instant before the last move."""

    # What is asked about.

    def _found(self) -> Snapshot | None:
        return self.screen.snapshot

    def _values(self, found: Snapshot) -> list[Value]:
        """The values in sight: those of the marked row alone, or all of the frame's."""
        inner = found.state.frames[found.view.frame :]
        depth = sum(frame.kind == "function" for frame in inner) - 1
        at = found.instant
        stack = [
            Value(f"stack[{slot}]", OnStack(at, depth, slot), str(signed(item.value)))
            for slot, item in enumerate(found.frame.stack)
        ]
        locals_ = [
            Value(item.name, InLocal(at, depth, number), str(signed(item.value)))
            for number, item in enumerate(found.frame.locals)
        ]
        pane = self.board.pane(self.board.active)
        pointed = None if pane.marked is None else self.board.value_at(pane.marked)
        if pointed:
            return [value for value in (*stack, *locals_) if value.name == pointed[0]]
        memory = self._memory(found)
        if memory:
            return [memory]
        if self.board.active == "below" and self.board.open_tab is CALLS and found.tape:
            return _arguments(found.tape[self.board.pane("below").pointed_at])
        if self.board.active == "stack" and stack:
            return [stack[-1]]
        line = found.state.source_line
        said = found.program.source.text[line.start : line.end]
        here = [value for value in locals_ if value.name in said.replace(")", " ").split()]
        return [*here, *reversed(stack), *(value for value in locals_ if value not in here)]

    def _memory(self, found: Snapshot) -> Value | None:
        """The bytes on the marked row of the memory."""
        pane = self.board.pane("below")
        rows = pane.rows
        if self.board.active != "below" or self.board.open_tab is not MEMORY:
            return None
        if pane.marked is None or not isinstance(rows, MemoryRows):
            return None
        address = pane.marked * rows.size
        spot = InMemory(found.instant, address, rows.size)
        return Value(f"mem {address} {rows.size}", spot, "")

    def _choose(self, question: str, ask: Callable[[Value], None]) -> None:
        """Ask about the value under the cursor, or about one that is chosen."""
        found = self._found()
        if found is None:
            return
        values = self._values(found)
        if not values:
            self.screen.say("there is no value here to ask about")
        elif len(values) == 1:
            ask(values[0])
        else:

            def take(row: int | None) -> None:
                if row is not None:
                    ask(values[row])

            style = self.screen.look.panes["name"]
            rows = [
                Text.assemble((f"{value.name:<16}", style), f"  {value.shown}") for value in values
            ]
            self.screen.app.push_screen(PickDialog(question, rows), take)

    # The questions.

    def action_who(self) -> None:
        """Go to where a value was written."""
        self._choose("Who wrote which value?", self._who)

    def _who(self, value: Value) -> None:
        self.board.close_answer()
        origin = self._found()

        def ask(session: Session) -> Reply:
            reply = who(session, _placed(session, value.spot), value.name)
            self.board.kept = session.position.instant
            return reply

        if origin and self.origin is None:
            self.origin = origin.instant
        self.screen.pressed = f":who {value.name}"
        self.screen.ask(ask)

    def action_why(self) -> None:
        """A tree of what a value was made of; on a row of it, what is under that."""
        rows = self._answer()
        if isinstance(rows, CauseRows):
            self._open(rows, self.board.pane("answer").pointed_at)
        else:
            self._choose("Why is which value as it is?", self._why)

    def _why(self, value: Value) -> None:
        self.screen.pressed = f":why {value.name}"
        self._tree(value.name, lambda session: _placed(session, value.spot))

    def _tree(self, name: str, spot: Callable[[Session], Spot]) -> None:
        """The tree of a value whose spot the session knows."""

        def ask(session: Session) -> Reply | None:
            rows: CauseRows | None = None
            under: tuple[Operand, ...] = (Operand(spot(session)),)
            for level in range(-1, OPENED):
                causes = _causes(session, under)
                if causes is None:
                    return _INTERRUPTED
                if rows is None:
                    rows = CauseRows(session, f"Why {name}", causes[0])
                elif causes:
                    rows.open(level, causes)
                under = rows.unopened(level + 1) if level + 1 < len(rows) else ()
            if rows:
                self._show(rows)
            return None

        self.screen.ask(ask)

    def _open(self, rows: CauseRows, index: int) -> None:
        """Open a row of a tree, or close it."""
        under = rows.unopened(index)
        if not under:
            if rows.nodes[index].opened:
                rows.close(index)
                self.board.list_answer(rows)
            return

        def ask(session: Session) -> Reply | None:
            _same(session, rows)
            causes = _causes(session, under)
            if causes is None:
                return _INTERRUPTED
            self.screen.app.call_from_thread(self._opened, rows, index, under, causes)
            return None

        self.screen.ask(ask)

    def _opened(
        self, rows: CauseRows, index: int, under: tuple[Operand, ...], causes: Sequence[Cause]
    ) -> None:
        # Another row may have been opened or closed since.
        if index < len(rows) and rows.unopened(index) == under and self._answer() is rows:
            rows.open(index, causes)
            self.board.list_answer(rows)

    def action_when(self) -> None:
        """All instants of the marked line, local, call or bytes."""
        found = self._found()
        if found is None:
            return
        name, tab = self.board.active, self.board.open_tab
        if name in CODE:
            self._when_line(name)
        elif name == "below" and tab is CALLS and found.tape:
            call = found.tape[self.board.pane(name).pointed_at]
            self._list(f"When {call.function}", lambda s: of_host(s.timeline, call.function))
        else:
            self._choose("When is which value read or written?", self._when)

    def _when_line(self, name: str) -> None:
        line, level = self.board.line_pointed_at(name), CODE[name]

        def ask(session: Session) -> Occasions:
            place = session.places.on_line(level, line)
            if place is None:
                raise CommandError(f"line {line} of the {level.value} holds no code")
            loops = session.places.operand_loops
            return of_places(session.timeline, frozenset((place,)), loops)

        self._list(f"When {level.value} line {line}", ask)

    def _when(self, value: Value) -> None:
        if isinstance(value.spot, OnStack):
            self.screen.say("a stack value is written once: w goes there")
        else:
            self._list(f"When {value.name}", lambda session: occasions_of(session, value.spot))

    def _list(self, title: str, find: Callable[[Session], Occasions]) -> None:
        def ask(session: Session) -> None:
            session.timeline.interrupted = False
            self._show(OccasionRows(session, title, find(session)))

        self.screen.pressed = title
        self.screen.ask(ask)

    def action_span_mark(self) -> None:
        """Have a stretch begin at this instant."""
        found = self._found()
        if found:
            self.mark = found.instant
            self.screen.say(f"a span begins at instant {found.instant:,}: z tells what happened")

    def action_span(self) -> None:
        """What happened from the typed instant, the mark or the last move's start to here."""
        found, typed = self._found(), self.screen.take_count()
        if found is None:
            return
        first = self.before if self.mark is None else self.mark
        self._span(first if typed is None else typed, found.instant)

    def _span(self, *ends: int) -> None:
        def ask(session: Session) -> Reply | None:
            stretch = stretch_of(session, *ends)
            if stretch is None:
                return _INTERRUPTED
            rows = stretch_rows(session.program, stretch)
            self._show(ToldRows(session, f"Span {stretch.first:,} to {stretch.last:,}", rows))
            return None

        self.screen.pressed = f":span {ends[0]} {ends[1]}"
        self.screen.ask(ask)

    def action_part(self) -> None:
        """Where this timeline and another part."""

        def ask(session: Session) -> None:
            names = [b.name for b in session.timelines if b is not session.timelines.current]
            self.screen.app.call_from_thread(self._part_from, names)

        self.screen.ask(ask)

    def _part_from(self, names: list[str]) -> None:
        if not names:
            self.screen.say("there is one timeline alone: a changed value or answer begins another")
        elif len(names) == 1:
            self._part(names[0])
        else:

            def take(row: int | None) -> None:
                if row is not None:
                    self._part(names[row])

            dialog = PickDialog("Where does this timeline part from which?", [*map(Text, names)])
            self.screen.app.push_screen(dialog, take)

    def _part(self, name: str) -> None:
        def ask(session: Session) -> None:
            rows = comparison(session, name)
            self._show(ToldRows(session, f"{session.timelines.current.name} and {name}", rows))

        self.screen.pressed = f":compare {name}"
        self.screen.ask(ask)

    def typed(self, line: str) -> bool:
        """Answer a question that was typed with a list; False for a line that is none."""
        word, _, argument = line.partition(" ")
        argument = argument.strip()
        try:
            name = find(word).name
        except NoCommandError:
            return False
        if name == "why":
            self._tree(argument, lambda session: target(session, argument).spot)
        elif name == "when":
            self._list(f"When {argument}", lambda session: occasions_asked(session, argument))
        elif name == "compare":
            self._part(argument)
        else:
            return False
        self.screen.pressed = f":{line}"
        return True

    # The list that is shown.

    def _answer(self) -> LeadingRows | None:
        """The answer in sight that keys act on."""
        rows = self.board.pane("answer").rows
        listed = self.board.active == "answer" and isinstance(rows, LeadingRows)
        return rows if listed and isinstance(rows, LeadingRows) else None

    def _show(self, rows: LeadingRows) -> None:
        """Show an answer, from the session's thread."""
        self.screen.app.call_from_thread(self._shown, rows)

    def _shown(self, rows: LeadingRows) -> None:
        found = self._found()
        self.origin = found.instant if found and self.origin is None else self.origin
        self.board.list_answer(rows)

    def action_pick(self) -> None:
        """Go where the marked row of an answer leads; elsewhere look closer at a row."""
        rows = self._answer()
        if rows is None:
            self.looking.action_pick()
        else:
            self.pick(self.board.pane("answer").pointed_at)

    def pick(self, index: int) -> None:
        """Go where a row of the answer leads; from there the answer is closed."""
        rows, found = self._answer(), self._found()
        if rows is None or found is None or index >= len(rows):
            return
        lead = rows.lead(index)
        if lead is None:
            self.screen.say("this row leads to no instant")
        elif lead == found.instant:
            self.board.close_answer()
            self.origin = None
        else:
            self._go(rows, lead)

    def _go(self, rows: LeadingRows | None, instant: int) -> None:
        self.board.kept = instant

        def ask(session: Session) -> Reply:
            if rows is not None:
                _same(session, rows)
            return execute(session, f"goto {instant}")

        self.screen.pressed = f":goto {instant}"
        self.screen.ask(ask)

    def back(self) -> bool:
        """Go back to where one was before an answer led elsewhere; False where one is there."""
        found, origin = self._found(), self.origin
        if found is None or origin is None or origin == found.instant:
            self.origin = None
            return False
        self._go(None, origin)
        return True

    def moved(self, before: Snapshot | None, found: Snapshot) -> None:
        """Take note of a move: one that no answer led to begins anew."""
        if before is None or before.instant == found.instant:
            return
        self.before = before.instant
        if self.board.kept != found.instant:
            self.origin = None


def _arguments(call: HostCall) -> list[Value]:
    """What a host call was given; it lies on top of the stack just before."""
    count = len(call.arguments)
    return [
        Value(
            f"argument {number} of {call.function}"
            if count > 1
            else f"argument of {call.function}",
            OnStack((call.instant or 1) - 1, _INNERMOST, number - 1 - count),
            value_text(value),
        )
        for number, value in enumerate(call.arguments, 1)
    ]


def _placed(session: Session, spot: Spot) -> Spot:
    """A spot whose frame and slot are counted from the ends where they were given so."""
    if not isinstance(spot, OnStack) or spot.depth != _INNERMOST:
        return spot
    if spot.instant > session.timeline.frontier:
        raise CommandError("the run has not come to this call yet")
    session.timeline.seek_machine(spot.instant)
    machine = session.timeline.machine
    return OnStack(spot.instant, len(machine.frames), len(machine.top[3]) + spot.slot)


def _same(session: Session, rows: LeadingRows) -> None:
    if session.timeline is not rows.timeline:
        raise CommandError("this answer is of another timeline: ask again")


def _causes(session: Session, operands: tuple[Operand, ...]) -> list[Cause] | None:
    """What made each of some values; None where that was interrupted."""
    session.timeline.interrupted = False
    causes, found = Causes(Writers(session.timeline, Sites(session.program))), []
    for operand in operands:
        cause = causes.cause(operand)
        if cause is None:
            return None
        found.append(cause)
    return found
