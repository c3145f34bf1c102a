"""The answer as one types (DESIGN.md, the screen): in the status line, after each pause."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import EXAMPLES
from tests.tui.driving import answered, ide
from watstep.cli.demo_server import DemoServer
from watstep.host.grants import parse_grants
from watstep.host.settings import RunSettings
from watstep_tui.screens import answering

ANSWERS = [
    ("(i32.const 5)", "→ 5 · 2 fuel · 1 line → "),
    ('(resv "hi")\n(i32.const 0)', '→ "hi", 0 · '),
    (";; profile: core\n(i32.div_s (i32.const 1) (i32.const 0))", "→ trap: integer divide by zero"),
    (";; profile: core\n(loop $l (br $l))\n(i32.const 0)", "→ not after 20 M fuel"),
    ('(call $http.get "http://h/")\n(local $e i32)\n(local.set $e)', "3 lines → "),
    ("(local.get $x)", "1 problem: F8"),
]


async def test_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results, texts, traps with their line, programs that take long, and those with problems."""
    # A busy machine must not run into the limit of time before that of fuel.
    monkeypatch.setattr(answering, "LIMITS", replace(answering.LIMITS, seconds=20.0))
    async with ide(tmp_path / "a.wat", "") as desk:
        for text, answer in ANSWERS:
            await desk.write(text)
            for _ in range(30):
                await answered(desk.pilot)
                if desk.status.startswith(answer):
                    break
            assert desk.status.startswith(answer)
            assert "trap" not in answer or "line 2" in desk.status


async def test_arguments_count(tmp_path: Path) -> None:
    """`sys` answers from the run settings."""
    settings = RunSettings(("a", "b"))
    async with ide(tmp_path / "a.wat", "(call $sys.argc)", settings=settings) as desk:
        await answered(desk.pilot)
        assert desk.status.startswith("→ 2 · ")


async def test_a_program_that_calls_outside_answers_from_its_last_tape() -> None:
    """Nothing is called for the answer: it is the last run's answers, and marked as such."""
    with DemoServer() as server:
        settings = RunSettings((server.url,), parse_grants([f"http={server.host}"]))
        async with ide(EXAMPLES / "fetch.wat", settings=settings) as desk:
            await answered(desk.pilot)
            assert desk.status.startswith("20 lines")
            await desk.press("f5")
        async with ide(EXAMPLES / "fetch.wat", settings=settings) as desk:
            await desk.press("f5")
            await answered(desk.pilot)
            assert "0 on the last answers · 22 fuel" in desk.status
            desk.ide.editor.move_cursor((18, 11))
            await desk.press("1")
            await answered(desk.pilot)
            assert "10 on the last answers" in desk.status
            await desk.write('(call $http.get "http://other/")\n(local $e i32)\n(local.set $e)')
            await answered(desk.pilot)
            assert desk.status.startswith("→ calls otherwise than the last run did")


async def test_an_answer_that_was_overtaken_is_not_shown(tmp_path: Path) -> None:
    """What was tried before the last key says nothing of the text as it stands."""
    async with ide(tmp_path / "a.wat", "(i32.const 5)") as desk:
        old = desk.ide.compilation
        assert old is not None
        await desk.press("end", "left", "1")
        desk.ide.answering.show("→ old", old)
        await answered(desk.pilot)
        assert desk.status.startswith("→ 51 · ")


async def test_nothing_is_wrong_with_a_program_that_is_not_begun(tmp_path: Path) -> None:
    """The status line leads to an example; the first word brings the problems back."""
    async with ide(tmp_path / "a.wat", "\n") as desk:
        assert desk.status == "nothing is written yet: Alt+W opens an example"
        assert not desk.ide.editor.problems
        await desk.type("x")
        assert desk.status.startswith("1 problem: ")
        assert desk.ide.editor.problems


async def test_what_finds_no_room_is_left_out_in_whole_parts(tmp_path: Path) -> None:
    """The first part is cut where even that is too long."""
    async with ide(tmp_path / "a.wat", "(i32.const 1)\n", size=(60, 20)) as desk:
        line = desk.ide.status_line
        line.say("one · two, which is longer · " + "three " * 9)
        assert line.render().plain.startswith("one · two, which is longer   ")
        line.say("one " * 30)
        assert "one…" in line.render().plain.replace(" …", "…")
