"""Any sequence of edits leaves text, tree and expansion in agreement."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual import events

from tests.support import EXAMPLES
from tests.tui.driving import Desk, ide, settled
from watstep.host.catalog import INTERFACE
from watstep.pipeline import compile_source
from watstep.source.text import Source
from watstep.syntax.parser import parse

TYPED = (*'()";$ax1 é漢', "enter", "tab")
MOVED = ("up", "down", "left", "right", "home", "end", "ctrl+left", "ctrl+home", "ctrl+end")
MARKED = ("shift+right", "shift+up", "shift+end", "ctrl+shift+left")
CHANGED = (
    "backspace", "delete", "ctrl+z", "ctrl+y", "ctrl+x", "ctrl+v",
    "ctrl+d", "alt+up", "alt+down", "ctrl+underscore", "alt+q", "alt+d", "alt+9", "alt+0", "ctrl+t",
)  # fmt: skip
"""Keys that change the text at once or not at all."""
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
KEYS = st.sampled_from(TYPED + MOVED + MARKED + CHANGED)
STEPS = st.lists(st.lists(KEYS, min_size=1, max_size=8) | st.sampled_from(PASTED), max_size=12)
PROGRAMS = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.wat"))]


def agrees(desk: Desk) -> None:
    """What the screen holds is what the text, read from scratch, is."""
    text = desk.ide.editor.text
    found = desk.ide.code.fresh
    assert found is not None, text
    meant = compile_source(Source(found.source.name, text), INTERFACE)
    assert parse(meant.source).source.text == text
    assert desk.ide.view.text == meant.expansion.full.text == found.expansion.full.text
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


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PROGRAMS) | st.sampled_from(PASTED), STEPS)
def test_any_edits(start: str, steps: list[list[str] | str]) -> None:
    """After every step of any edits, and when all of them are taken back."""
    asyncio.run(carry_out(start, steps))
