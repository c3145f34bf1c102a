"""Random programs, random breakpoints: their stops are those of a scan over all instants."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.engine.programs import MacroWriter
from tests.engine.reference import Reference, all_instants
from tests.engine.stepping import program_of
from watstep.debug.places import Place, Places
from watstep.debug.session import Session
from watstep.debug.state import Level, StopReason
from watstep.host.settings import RunLimits, RunSettings
from watstep.module.ir import MemoryArgument
from watstep.pipeline import Program
from watstep.wasm.instructions import INSTRUCTIONS

FUEL = 1500
SETTINGS = RunSettings(("one", "two"), limits=RunLimits(fuel=FUEL, memory_pages=4, call_depth=9))
Holds = Callable[[int], bool]


@cache
def made(seed: int) -> tuple[Program, Reference]:
    """A program that runs a little while, and all of its instants."""
    for attempt in range(50):
        program = program_of(MacroWriter(seed * 50 + attempt).program())
        instants, trapped = all_instants(program, SETTINGS)
        if len(instants) > 12:
            break
    return program, Reference(Places(program), instants, trapped)


class Scan:
    """What each kind of breakpoint means, asked of one instant after the other."""

    def __init__(self, reference: Reference, session: Session) -> None:
        """Of a run that was made whole."""
        self.known, self.instants = reference, reference.instants
        self.places = reference.places
        self.calls = {call.instant: call for call in session.calls() if not call.trap}

    def instruction(self, n: int) -> tuple[str, object]:
        """The next instruction and its immediate."""
        place = self.instants[n].place
        name, immediate, *_ = self.places.functions[place.function].function.body[place.pc]
        return name, immediate

    def on_line(self, place: Place) -> Holds:
        """B3."""
        return lambda n: self.instants[n].place == place and self.known.begins(n)

    def local(self, names: set[str], local: str) -> Holds:
        """A read or a write of a local."""

        def holds(n: int) -> bool:
            name, immediate = self.instruction(n)
            if name not in names or not isinstance(immediate, int):
                return False
            function = self.places.functions[self.instants[n].place.function].function
            return function.locals[immediate].name == local

        return holds

    def memory(self, what: str, first: int, length: int) -> Holds:
        """A load or a store of some bytes, or a host call that wrote or was given them."""

        def holds(n: int) -> bool:
            name, immediate = self.instruction(n)
            if isinstance(immediate, MemoryArgument):
                at = self.instants[n].stacks[-1][-2 if "store" in name else -1] + immediate.offset
                touched = range(at, at + INSTRUCTIONS[name].size)
                return what in name and any(a in range(first, first + length) for a in touched)
            call = self.calls.get(n + 1)
            if call is None or n + 1 >= len(self.instants):
                return False
            if what == "store":
                ranges = [(w.address, len(w.content)) for w in call.writes]
            else:
                given = [v for v in call.arguments if v.text is not None]
                ranges = [(v.value, 4 + len((v.text or "").encode())) for v in given]
            return any(a < first + length and first < a + size for a, size in ranges)

        return holds

    def entered(self, name: str) -> Holds:
        """A function whose frame was just made."""

        def holds(n: int) -> bool:
            now = self.instants[n]
            function = self.places.functions[now.place.function].function
            new = n == 0 or now.callers > self.instants[n - 1].callers
            return function.label == name and new and now.place.pc == 0

        return holds

    def called(self, name: str) -> Holds:
        """A call of a host function that is about to be made."""
        return lambda n: self.places.host_functions.get(self.instants[n].place) == name

    def failed(self, n: int) -> bool:
        """A host call that was just answered with an error."""
        call = self.calls.get(n)
        return call is not None and call.error is not None

    def trapped(self, n: int) -> bool:
        """The end of a run that trapped."""
        return self.known.trapped and n == self.known.end

    def fuel(self, units: int) -> Holds:
        """Less fuel left than before for the first time."""

        def below(n: int) -> bool:
            return FUEL - self.instants[n].fuel < units

        return lambda n: below(n) and (n == 0 or not below(n - 1))


def chosen(scan: Scan, seed: int) -> tuple[str, Holds]:
    """A breakpoint's target as words, and what it means."""
    pick = random.Random(seed)
    places, instants = scan.places, scan.instants
    # What this run comes to, mostly.
    passed = {at.place for at in pick.sample(instants, min(len(instants), 12))}
    lines = {line: at for line, at in places._lines(Level.EXPANSION).items() if at in passed}
    line = pick.choice(sorted(lines or places._lines(Level.EXPANSION)))
    place = places.on_line(Level.EXPANSION, line)
    assert place is not None
    touched = [
        n for n in range(len(instants)) if isinstance(scan.instruction(n)[1], MemoryArgument)
    ]
    stack = instants[pick.choice(touched)].stacks[-1] if touched else (16,)
    first, length = max(stack[-2:][0] - pick.randrange(9), 0), pick.randrange(4, 30)
    local = pick.choice(sorted(places.local_names) or ["$none"])
    functions = {places.functions[at.place.function].function.label for at in instants}
    function = pick.choice(sorted(functions))
    host = pick.choice(sorted(set(places.host_functions.values())) or ["sys.argv"])
    units = FUEL - pick.choice(instants).fuel + 1
    return pick.choice(
        [
            (f"e{line}", scan.on_line(place)),
            (f"write {local}", scan.local({"local.set", "local.tee"}, local)),
            (f"read {local}", scan.local({"local.get"}, local)),
            (f"write mem {first} {length}", scan.memory("store", first, length)),
            (f"read mem {first} {length}", scan.memory("load", first, length)),
            (f"function {function}", scan.entered(function)),
            (f"host {host}", scan.called(host)),
            ("error", scan.failed),
            ("trap", scan.trapped),
            (f"fuel {units}", scan.fuel(units)),
        ]
    )


OPTIONS: dict[str, tuple[Callable[[Scan, int], bool], Callable[[int], bool]]] = {
    "": (lambda scan, n: True, lambda time: True),
    "if step % 3 == 1": (lambda scan, n: n % 3 == 1, lambda time: True),
    "if fuel > 40 and depth < 3": (
        lambda scan, n: scan.instants[n].fuel > 40 and scan.instants[n].callers < 2,
        lambda time: True,
    ),
    "hit 2": (lambda scan, n: True, lambda time: time == 2),
    "from 3": (lambda scan, n: True, lambda time: time >= 3),
    "every 2 if step > 9": (lambda scan, n: n > 9, lambda time: time % 2 == 0),
}


@settings(max_examples=250, deadline=None, derandomize=True)
@given(
    st.integers(0, 150),
    st.booleans(),
    st.lists(
        st.tuples(st.integers(0, 1 << 30), st.sampled_from(sorted(OPTIONS))),
        min_size=1,
        max_size=3,
    ),
)
def test_stops_are_those_of_a_scan(seed: int, live: bool, asked: list[tuple[int, str]]) -> None:
    """B1, B2, S8: from the start forwards, from the end backwards, the same, on any program."""
    program, known = made(seed)
    whole = Session(program, SETTINGS)
    whole.finish()
    scan = Scan(known, whole)
    session = Session(program, SETTINGS) if live else whole
    wanted = set()
    for number, options in asked:
        words, holds = chosen(scan, number)
        where, counts = OPTIONS[options]
        times = [n for n in range(len(known.instants)) if holds(n) and where(scan, n)]
        wanted |= {n for time, n in enumerate(times, 1) if counts(time)}
        session.breaking.add(f"{words} {options}", Level.SOURCE)
    assume(wanted)
    forward: list[int] = []
    backward: list[int] = []
    while session.continue_().reason is StopReason.BREAKPOINT and session.position.instant:
        if forward and forward[-1] == session.position.instant:
            break
        forward.append(session.position.instant)
    at_end = known.end in wanted
    # A live run that stands at its end may learn only there that it trapped, and not move.
    assert set(forward) | ({known.end} & wanted) == wanted - {0}, asked
    assert forward == sorted(forward)
    session.finish()
    session.goto(known.end)
    if at_end:
        backward.append(known.end)
    while session.reverse_continue().reason is StopReason.BREAKPOINT:
        backward.append(session.position.instant)
    assert backward[::-1] == sorted(wanted), asked
    for n in backward:
        session.timeline.seek_machine(n)
        assert session.breaking.search(session.timeline).hits()
    session.close()
    whole.close()
