"""The editor under pressure, in a real pseudo-terminal: no key is lost, none changes its place."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import termios
import time
from pathlib import Path

from tests.terminal import PATIENCE, Terminal

UNDO = b"\x1a"
LINES = 10_000


def feed(terminal: Terminal, content: bytes) -> None:
    """Send bytes while reading what is drawn, as a terminal does."""
    sent = 0
    while sent < len(content):
        ready, able, _ = select.select([terminal.descriptor], [terminal.descriptor], [], 30.0)
        assert ready or able
        if ready:
            terminal.read(0)
        if able:
            sent += os.write(terminal.descriptor, content[sent : sent + 512])


def resize(terminal: Terminal, columns: int, lines: int) -> None:
    """Give the terminal another size; the system tells the program."""
    terminal.screen.resize(lines, columns)
    size = struct.pack("HHHH", lines, columns, 0, 0)
    fcntl.ioctl(terminal.descriptor, termios.TIOCSWINSZ, size)


def saved(terminal: Terminal, path: Path, expected: str) -> None:
    """Save, and wait until the file holds what was typed."""
    terminal.press("ctrl+s")
    deadline = time.monotonic() + PATIENCE
    while path.read_text("utf-8") != expected and time.monotonic() < deadline:
        terminal.read(0.1)
    assert path.read_text("utf-8") == expected


def test_ten_thousand_lines_are_pasted_and_taken_back(tmp_path: Path) -> None:
    """One paste, keys typed at once behind it, then one undo for the keys and one for it."""
    path = tmp_path / "pasted.wat"
    path.write_text("(i32.const 0)\n")
    pasted = "".join(f";; line {number}\n" for number in range(LINES))
    with Terminal(tmp_path, (120, 40), str(path)) as terminal:
        terminal.see("B wasm")
        feed(
            terminal, b"\x1b[200~" + pasted.replace("\n", "\r").encode() + b"\x1b[201~" + b";; xyz"
        )
        terminal.see(";; xyz(i32.const 0)")
        saved(terminal, path, pasted + ";; xyz(i32.const 0)\n")
        feed(terminal, UNDO + UNDO)
        terminal.see("(i32.const 0)", gone=";; xyz")
        saved(terminal, path, "(i32.const 0)\n")


def test_a_held_key_goes_on_while_the_terminal_changes_its_size(tmp_path: Path) -> None:
    """Six hundred letters and as many Backspaces at eight sizes, the smallest too small to work."""
    path = tmp_path / "held.wat"
    path.write_text(";;\n(i32.const 0)\n")
    sizes = ((80, 24), (200, 60), (40, 10), (120, 40), (60, 15), (79, 24), (111, 31), (120, 40))
    letters = "".join(chr(ord("a") + number % 26) for number in range(75))
    with Terminal(tmp_path, (120, 40), str(path)) as terminal:
        terminal.see("B wasm")
        terminal.press("end")
        for columns, lines in sizes:
            resize(terminal, columns, lines)
            feed(terminal, letters.encode())
        saved(terminal, path, f";;{letters * len(sizes)}\n(i32.const 0)\n")
        for columns, lines in sizes:
            resize(terminal, columns, lines)
            feed(terminal, b"\x7f" * len(letters))
        saved(terminal, path, ";;\n(i32.const 0)\n")
