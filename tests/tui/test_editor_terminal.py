"""Editing in a real pseudo-terminal: few bytes for a key, and the screen says what they mean."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pyte

from tests.bench_ide import COMMENT, Terminal

LINES = "".join(f"(drop (i32.const {number}))\n" for number in range(500))
PROGRAM = f";; profile: core\n;; {COMMENT}\n{LINES}(i32.const 0)\n"
UP, DOWN, LEFT, HOME, END = b"\x1b[A", b"\x1b[B", b"\x1b[D", b"\x1b[H", b"\x1b[F"
SAVE, UNDO = b"\x13", b"\x1a"


def test_a_key_costs_under_two_kilobytes(tmp_path: Path) -> None:
    """DESIGN 7: the answer to an ordinary key, with the expansion that follows it."""
    path = tmp_path / "long.wat"
    path.write_text(PROGRAM)
    with Terminal(str(path)) as terminal:
        screen = pyte.Screen(120, 40)
        stream = pyte.ByteStream(screen)
        stream.feed(terminal.until(COMMENT.encode(), 2).content)
        stream.feed(terminal.paint(0.5).content)
        stream.feed(terminal.press(DOWN + END, 0.6).content)
        answers = [terminal.type("abcdefgh"[: at + 1]) for at in range(8)]
        for answer in answers:
            stream.feed(answer.content)
        assert median(answer.burst for answer in answers) < 2048
        assert median(len(answer.content) for answer in answers) < 2048
        typed = [line for line in screen.display if COMMENT in line]
        assert len(typed) == 2
        assert all(f"{COMMENT}abcdefgh" in line for line in typed)


def test_a_burst_is_saved_in_its_order(tmp_path: Path) -> None:
    """Letters, Enter, arrows and Save in one write: the file holds what was typed."""
    path = tmp_path / "burst.wat"
    path.write_text("(i32.const 0)\n")
    with Terminal(str(path)) as terminal:
        terminal.until(b"B wasm")
        terminal.paint(0.5)
        parts = (b"; ab\rcd", UP, END, b"ZZ", LEFT, b"Q", DOWN, HOME, b"; 1", SAVE)
        terminal.press(b"".join(parts), 0.6)
    assert path.read_text() == "; abZQZ\n; 1cd(i32.const 0)\n"


def test_an_undo_is_not_overtaken_by_save(tmp_path: Path) -> None:
    """What is saved is the text as it stood when Save was pressed, in one write with the undos."""
    path = tmp_path / "undone.wat"
    path.write_text("(i32.const 0)\n")
    with Terminal(str(path)) as terminal:
        terminal.until(b"B wasm")
        terminal.paint(0.5)
        terminal.press(b"; ab" + SAVE, 0.6)
        assert path.read_text() == "; ab(i32.const 0)\n"
        terminal.press(UNDO + UNDO + UNDO + SAVE, 0.6)
    assert path.read_text() == "(i32.const 0)\n"
