"""What the panes show, as plain rows: the article's programs at chosen instants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from rich.text import Text

from tests.engine.stepping import session_of
from tests.support import EXAMPLES
from watstep.cli.demo_server import DemoServer
from watstep.debug.commands.table import execute
from watstep.debug.density import Density
from watstep.debug.pointed import text_at
from watstep.debug.session import Session
from watstep.debug.state import Level, Stop, StopReason
from watstep_tui.debugger import Hits, gather
from watstep_tui.rows.bar import (
    cell_of,
    closest,
    instant_of,
    legend,
    marks_of,
    timeline_bar,
    window_of,
)
from watstep_tui.rows.ending import breakpoint_rows, result_rows
from watstep_tui.rows.events import CallRows, LogRows, TraceRows
from watstep_tui.rows.memory import MemoryRows
from watstep_tui.rows.snapshot import Form, Snapshot, View, written
from watstep_tui.rows.values import FrameRows, local_rows, stack_columns, stack_rows

STOP = Stop(StopReason.GOTO, 1, "")


@pytest.fixture
def fetch() -> Iterator[Session]:
    """The article's agent program, run to its end and standing at its start."""
    with DemoServer() as server:
        text = (EXAMPLES / "fetch.wat").read_text("utf-8")
        session = session_of(text, (server.url,), (f"http={server.host}",))
        session.finish()
        yield session
        session.close()


def at(session: Session, instant: int, view: View | None = None) -> Snapshot:
    """What is to be seen at an instant."""
    session.goto(instant)
    return gather(session, STOP, view)


def plain(shown: Iterable[Text]) -> list[str]:
    """The words of rows, without what is repeated for the eye."""
    return [" ".join(row.plain.split()) for row in shown]


FORMS = [
    (65, Form.SIGNED, "65"),
    (65, Form.HEX, "0x41"),
    (65, Form.CHARACTER, "'A'"),
    (10, Form.CHARACTER, "10"),
    (2**32 - 1, Form.SIGNED, "-1"),
    (2**32 - 1, Form.UNSIGNED, "4294967295"),
    (2**32 - 1, Form.CHARACTER, "-1"),
    (0xD800, Form.CHARACTER, "55296"),
]


@pytest.mark.parametrize(("value", "form", "text"), FORMS)
def test_forms_of_a_number(value: int, form: Form, text: str) -> None:
    """L4: signed, unsigned, hex, and a character only where it is one."""
    assert written(value, form) == text


TEXTS = [
    (b"\0\0\0\0\2\0\0\0hi", 4, "hi"),
    (b"\0\0\0\0\3\0\0\0hi", 4, ""),  # longer than the memory
    (b"\0\0\0\0\2\0\0\0\xff\xfe", 4, ""),  # not UTF-8
    (b"\0\0\0\0\2\0\0\0\x1bx", 4, ""),  # a control character
    (b"\0\0\0\0\0\0\0\0", 4, ""),
    (b"\1\0\0\0h", 0, ""),  # 0 points at nothing
    (b"\0\0\0\0\2\0", 4, ""),
    (b"", 4, ""),
]


@pytest.mark.parametrize(("memory", "pointer", "text"), TEXTS)
def test_text_only_where_there_is_one(memory: bytes, pointer: int, text: str) -> None:
    """L4: never as text where it does not point at one."""
    assert text_at(pointer, lambda start, size: memory[start : start + size]) == text


def test_stack_and_locals(fetch: Session) -> None:
    """L2, L3: both answers of `http.get` are on the stack; the next instruction takes one."""
    found = at(fetch, 10)
    assert plain(stack_rows(found)) == [
        "[80, 0]",
        "*◂1 i32 0",
        "from 12:1 (call $http.get (local.get $url_ptr))",
        '* 0 i32 80 "héllo from watstep: this page was fetch…"',
        "from 12:1 (call $http.get (local.get $url_ptr))",
    ]
    names = plain(local_rows(found))
    assert names[1:] == ["$url_ptr.err 0 OK", "▸$body_err 0 not yet set", "$body_ptr 0 not yet set"]
    assert names[0].startswith('$url_ptr 48 "http://127.0.0.1')


def test_the_stack_side_by_side(fetch: Session) -> None:
    """As the article draws it, the top on the right; what finds no room is at the bottom."""
    found = at(fetch, 10)
    shown = [row.plain.rstrip() for row in stack_columns(found, 60)]
    assert shown[0].split() == ["[*", "80", "*◂0", "]"]
    assert shown[1].split() == ["i32", "i32"]
    assert shown[2].strip().startswith('"héllo')
    assert shown[3].split() == ["from", "12:1", "from", "12:1"]
    assert all(row.cell_len < 24 for row in stack_columns(found, 24))
    assert stack_columns(found, 24)[0].plain.startswith("[…")
    assert [row.plain for row in stack_columns(at(fetch, 0), 24)] == ["[]"]


def test_error_codes_have_names_and_others_have_none(fetch: Session) -> None:
    """An error local shows its name; a number that is no error code shows none, least of all OK."""
    found = at(fetch, 21)
    frame = found.state.frames[0]
    shown = []
    for value in (0, 3, 77):
        slots = tuple(replace(slot, value=value) for slot in frame.locals[1:2])
        state = replace(found.state, frames=(replace(frame, locals=slots),))
        shown += plain(local_rows(replace(found, state=state, texts={})))
    assert shown[0] == "$url_ptr.err 0 OK"
    assert shown[1].split()[2:]
    assert "OK" not in shown[1]
    assert shown[2] == "$url_ptr.err 77"


def test_macro_frames_and_the_frame_looked_at(fetch: Session) -> None:
    """S5: a macro call entered twice stands in two frames over `run`."""
    fetch.goto(4)
    fetch.step()
    shown = plain(FrameRows(gather(fetch, STOP, View(frame=1))))
    assert [row.split()[-1] for row in shown] == ["macro", "macro", "func"]
    assert shown[0].startswith("▶ check")
    assert shown[1].startswith("▷ argv")
    assert gather(fetch, STOP, View(frame=99)).frame.kind == "function"


def test_calls_made_and_to_come(fetch: Session) -> None:
    """L5, L6: calls beyond the instant are marked as such; the one just made too."""
    shown = plain(CallRows(at(fetch, 10)))
    assert [row[0] for row in shown] == ["2", "▶", "·", "·"]
    assert "http.get(" in shown[1]
    assert "live" in shown[1]


def test_trace_is_the_articles_picture() -> None:
    """The instruction on the left, the stack after it on the right, the top last."""
    session = session_of((EXAMPLES / "stack.wat").read_text("utf-8"))
    session.finish()
    assert plain(TraceRows(at(session, 3))) == [
        "1 (i32.const 10) [10]",
        "2 (i32.const 20) [10, 20]",
        "▶ 3 (i32.add) [30]",
        "· 4 (i32.const 5) [30, 5]",
        "· 5 (i32.mul) [150]",
    ]
    assert plain(TraceRows(at(session, 0)))[0].startswith("· 1 ")


def test_memory_follows_what_was_written_or_is_pinned(fetch: Session) -> None:
    """L3: the bytes that `http.get` wrote are in sight and marked; a chosen address stays."""
    found = at(fetch, 10)
    assert found.memory_at == 80
    row = MemoryRows(found)[5]
    assert "h··llo" in row.plain
    assert any(span.style == "changed" for span in row.spans)
    assert at(fetch, 10, View(memory=16)).memory_at == 16


def test_log_and_result_belong_to_the_instant(fetch: Session) -> None:
    """L6: they go back with it; what wasmtime said is in words (P2)."""
    assert plain(LogRows(at(fetch, 17))) == ["nothing was logged yet"]
    assert plain(LogRows(at(fetch, 18))) == ['▶ 18 "fetched the URL successfully"']
    assert plain(result_rows(at(fetch, 18)))[0] == "the run has not ended here"
    end = at(fetch, 21)
    assert plain(result_rows(end))[1:] == [
        "result 0",
        "cost 22 fuel, 21 instructions, 4 host calls, 1 page of memory",
    ]
    assert "gives the same" in plain(result_rows(replace(end, verdict="")))[-1]
    assert "differs in the fuel" in plain(result_rows(replace(end, verdict="the fuel")))[-1]


def test_breakpoints_that_moved_or_are_off(fetch: Session) -> None:
    """B4: it shows that it moved, that it is unbound, that it is off."""
    for line in (9, 20, 19):
        fetch.add_breakpoint(Level.SOURCE, line)
    fetch.breaking.enable(3, False)
    assert plain(breakpoint_rows(at(fetch, 0))) == [
        "● 1 source line 9, moved to line 11",
        "○ 2 source line 20, unbound: no code comes there or after",
        "○ 3 source line 19 off",
    ]


def test_timeline_bar(fetch: Session) -> None:
    """Calls, breakpoints and the position stand where their instants are."""
    fetch.add_breakpoint(Level.SOURCE, 18)
    hits = Hits()
    assert hits.known(fetch) == ()
    assert hits.search(fetch)
    assert not hits.search(fetch)
    found = at(fetch, 16)
    found = replace(found, hits=hits.known(fetch))
    assert found.hits == (18,)
    assert timeline_bar(found, 29).plain == "0 ▕━━h━━━━━━━h━━━━━●─▲─h─▏ 21"
    fetch.breaking.delete(1)
    assert hits.known(fetch) == ()


def test_timeline_bar_marks_a_trap_and_an_open_end() -> None:
    """A run that trapped ends with `!`; one whose end is not known is drawn open."""
    session = session_of(";; profile: core\n(i32.const 1)\n(unreachable)\n")
    session.step()
    assert timeline_bar(gather(session, STOP), 12).plain.endswith("… 1")
    session.continue_()
    session.goto(0)
    assert timeline_bar(gather(session, STOP), 16).plain == "0 ▕●────────!▏ 1"


LOOPING = """(local $i i32) (local $n i32)
(local.set $n (i32.const 5))
(loop $l (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br_if $l (i32.lt_s (local.get $i) (i32.const 100))))
(local.get $n)
"""


def test_the_bar_is_dashed_where_the_run_loops() -> None:
    """A stroke of more dashes stands where rounds are more, heavy before the position."""
    session = session_of(
        LOOPING.replace("(local.get $n)", "(local.set $n (i32.const 1))" * 200 + "(local.get $n)")
    )
    session.finish()
    density, end = Density(session.timeline), session.timeline.frontier
    assert density.known(0, end).known == {}
    while density.search(0, end):
        pass
    found = replace(at(session, 600), rates=density.known(0, end))
    bar = timeline_bar(found, 60).plain
    assert bar[3] == "╍"
    assert bar.index("●") < bar.index("╌") < bar.index("─")
    assert "─╌" not in bar
    assert legend(marks_of(found, 60).drawn()) == "● here  ┄ loops"
    # The rounds of the whole are near what they are: 99.
    assert found.rates
    assert 80 < sum(found.rates.rounds(at, at + 16) for at in range(0, end, 16)) < 120
    straight = session_of("(i32.const 1)")
    straight.finish()
    assert not Density(straight.timeline).search(0, 1)


def test_where_other_timelines_leave(fetch: Session) -> None:
    """L7: a fork stands where the change was made, on the timeline that it leaves."""
    fetch.goto(12)
    execute(fetch, "set $body_err 3")
    assert at(fetch, 12).forks == ()
    execute(fetch, "timeline 1")
    found = at(fetch, 8)
    assert found.forks == (12,)
    bar = timeline_bar(found, 40)
    assert bar.plain[3 + cell_of(12, 21, 33)] == "┬"
    assert "┬ timeline" in legend(marks_of(found, 40).drawn())


@pytest.mark.parametrize("span", [1, 21, 1_000, 10_000_019])
def test_a_nearer_look_holds_the_position(span: int) -> None:
    """Each step shows half, down to a few instants, the position always in it."""
    for zoom in range(closest(span) + 1):
        for instant in {0, 1, span // 3, span // 2, span - 1, span}:
            first, last = window_of(instant, span, zoom)
            assert 0 <= first <= instant <= last <= span
            assert last - first == max(span >> zoom, min(20, span))
    assert window_of(span, span, closest(span)).last == span


def test_the_bar_seen_nearer(fetch: Session) -> None:
    """What lies outside is not on it, and it says that the run goes on there."""
    session = session_of(LOOPING)
    session.finish()
    near = View(zoom=3)
    begins = timeline_bar(at(session, 0, near), 40).plain
    assert begins.startswith("  0 ▕●")
    assert begins.endswith("» 112")
    middle = timeline_bar(at(session, 500, near), 40).plain
    assert "«" in middle
    assert "»" in middle
    assert timeline_bar(at(session, session.timeline.frontier, near), 40).plain.endswith("●▏ 903")


@pytest.mark.parametrize("width", [2, 7, 76, 200])
def test_cells_and_instants_are_inverse(width: int) -> None:
    """The instant of a cell lies in that cell."""
    for span in (1, 6, 21, 1_000, 10**9):
        for cell in range(width):
            instant = instant_of(cell, span, width)
            assert 0 <= instant <= span
            if span >= width:
                assert cell_of(instant, span, width) == cell
