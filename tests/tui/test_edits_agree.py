"""Any sequence of edits leaves text, tree, expansion and its views in agreement."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual import events

from tests.support import EXAMPLES
from tests.tui.driving import Desk, ide, settled
from watstep.host.catalog import INTERFACE
from watstep.pipeline import compile_source
from watstep.source.text import Source
from watstep.syntax.parser import parse
from watstep.views.kinds import rendering
from watstep_tui.compiled.counterparts import counterparts
from watstep_tui.compiled.expanded import expanded

TYPED = (*'()";$ax1 é漢', "enter", "tab")
MOVED = ("up", "down", "left", "right", "home", "end", "ctrl+left", "ctrl+home", "ctrl+end")
MARKED = ("shift+right", "shift+up", "shift+end", "ctrl+shift+left")
CHANGED = (
    "backspace", "delete", "ctrl+z", "ctrl+y", "ctrl+x", "ctrl+v",
    "ctrl+d", "alt+up", "alt+down", "ctrl+underscore", "alt+q", "alt+d", "alt+9", "alt+0", "ctrl+t",
)  # fmt: skip
"""Keys that change the text at once or not at all."""
SHOWN = ("alt+1", "alt+2", "alt+3", "alt+4", "alt+5", "alt+6", "alt+a", "alt+e", "f9")
"""Keys that show the expansion in another way."""
PASTED = (
    "(local $n i32)",
    '(argv 0 $p)\n(check $p.err)\n(resv $p "',
    "))",
    "(i32.const 1)\r\n",
    '"é" ;;',
    "block $l\n  br $l\nend\n",
    '(module (func (export "run") (result i32) (i32.const 0)))\n',
    "(;",
)
KEYS = st.sampled_from(TYPED + MOVED + MARKED + CHANGED + SHOWN)
STEPS = st.lists(st.lists(KEYS, min_size=1, max_size=8) | st.sampled_from(PASTED), max_size=12)
PROGRAMS = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.wat"))]


def agrees(desk: Desk) -> None:
    """What the screen holds is what the text, read from scratch, is."""
    text = desk.ide.editor.text
    found = desk.ide.code.fresh
    assert found is not None, text
    meant = compile_source(Source(found.source.name, text), INTERFACE)
    assert parse(meant.source).source.text == text
    assert meant.expansion.full.text == found.expansion.full.text
    showing = desk.ide.code.showing
    shown = rendering(meant, showing.view, showing.opened)
    assert desk.ide.view.text == shown.text
    rows = desk.ide.view.expanded
    assert rows.lines == expanded(shown).lines
    assert rows.counterparts.rows == counterparts(shown, meant.expansion.full).rows
    assert found.diagnostics == meant.diagnostics
    assert (found.program is None) == (meant.program is None)
    for piece in found.expansion.full.pieces:
        if piece.span is not None and piece.origin is None:
            assert text[piece.span.start : piece.span.end] == piece.text


async def carry_out(start: str, steps: list[list[str] | str]) -> None:
    """Make the edits in a real editor, as fast as they come, and look after each step."""
    with tempfile.TemporaryDirectory() as folder:
        async with ide(Path(folder, "edited.wat"), start) as desk:
            agrees(desk)
            for step in steps:
                if isinstance(step, str):
                    desk.ide.editor.post_message(events.Paste(step))
                    await settled(desk.pilot)
                else:
                    await desk.pilot.press(*step)
                await settled(desk.pilot)
                agrees(desk)
            while desk.ide.editor.history.undo_stack:
                desk.ide.editor.undo()
            await settled(desk.pilot)
            assert desk.ide.editor.text == start
            agrees(desk)


@pytest.mark.parametrize("view", SHOWN[:6])
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(start=st.sampled_from(PROGRAMS) | st.sampled_from(PASTED), steps=STEPS)
def test_any_edits(view: str, start: str, steps: list[list[str] | str]) -> None:
    """After every step of any edits, and when all of them are taken back, from every view."""
    asyncio.run(carry_out(start, [[view], *steps]))
