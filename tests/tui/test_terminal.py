"""The whole program as a person uses it: keys into a pseudo-terminal, words on its screen."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support import EXAMPLES
from tests.terminal import PATIENCE, Terminal
from watstep.cli.demo_server import DemoServer

WRONG = "(local.set $nope)"


def write(tmp_path: Path, name: str) -> Path:
    """A copy of an example, in a folder of its own."""
    path = tmp_path / "work" / name
    path.parent.mkdir()
    path.write_text((EXAMPLES / name).read_text("utf-8"), "utf-8")
    return path


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=str)
def test_write_mend_run_step_save(tmp_path: Path, size: tuple[int, int]) -> None:
    """An error is seen and mended, the program run with a grant, stepped, saved, and left."""
    path = write(tmp_path, "fetch.wat")
    with DemoServer() as server, Terminal(tmp_path, size, str(path), server.url) as ide:
        ide.see("EDITING", "20 lines → 41")
        ide.press(*["down"] * 25, WRONG)
        ide.see(WRONG, "F8 goes to the next")
        ide.press(*["backspace"] * len(WRONG))
        ide.see("20 lines → 41", gone="F8 goes to the next")
        ide.press("f5")
        ide.see("Grant http?")
        ide.press("tab", "enter")
        ide.see("returned  0", gone="Grant http?")

        ide.press("f6")
        ide.see("STEPPING", "source", "instant 0 of 21")
        ide.press("n")
        ide.see("instant 8 of 21", ":next")
        ide.press("n")
        ide.see("instant 10 of 21", "[80, 0]")
        ide.press("N", "S")
        ide.see("instant 4 of 21", ":back")
        ide.press("o")
        ide.see("instant 8 of 21")
        ide.press("17b")
        ide.see("Breakpoints 1", ":break source 17")
        ide.press("c")
        ide.see("instant 16 of 21", "stopped at breakpoint")
        ide.press("c")
        ide.see("instant 21 of 21", "returned 0")
        ide.press("C", "C")
        ide.see("instant 0 of 21")

        ide.press("e")
        ide.see("EDITING", "●")
        ide.press(";; mended")
        ide.see("20  ;; mended")
        ide.press("ctrl+s")
        ide.see("saved")
        assert path.read_text("utf-8").endswith("(i32.const 0)\n;; mended")
        ide.press("ctrl+q")
        assert ide.exit_code() == 0
        assert "Traceback" not in ide.text


def test_panes_tabs_and_the_command_line(tmp_path: Path) -> None:
    """At 80x24 the expansion, the calls, every tab and long answers are reached by keys."""
    path = write(tmp_path, "sum.wat")
    with Terminal(tmp_path, (80, 24), str(path)) as ide:
        ide.see("EDITING", "lines →")
        ide.press("f6")
        ide.see("STEPPING", "1 Source", "instant 0 of ?")
        ide.press("tab")
        ide.see("2 Expansion", "expansion", gone="1 Source")
        ide.press("5", "tab")
        ide.see("5 Calls", "run", gone="3 Operand")
        ide.press("1", "tab")
        ide.see("1 Source", gone="2 Expansion")
        ide.press(":", "goto 20", "enter")
        ide.see("instant 20 of", ":goto 20")
        ide.press("ttt")
        ide.see("instruction", "(i32.add)")
        ide.press("tttt")
        ide.see("the run has not ended here", "source")
        ide.press(":", "help", "enter")
        ide.see("to the next statement", "Esc closes")
        ide.press("esc")
        ide.see("the run has not ended here", gone="Esc closes")
        ide.press(":", "nonsense", "enter")
        ide.see("there is no command `nonsense`")
        ide.press(":", "up", "up", "enter")
        ide.see("to the next statement", "Esc closes")
        ide.press("esc", "end")
        ide.see("returned 55")
        ide.press("s")
        ide.see("this is the end of the run: nothing is after it")
        ide.press("home", "S")
        ide.see("this is the start of the run: nothing is before it")


def test_a_trap_is_stood_at_and_explained(tmp_path: Path) -> None:
    """F6 after a run that trapped stands where it did; the operation and its operands are said."""
    path = write(tmp_path, "trap_divide.wat")
    with Terminal(tmp_path, (120, 40), str(path)) as ide:
        ide.see("EDITING", "lines →")
        ide.press("f5")
        ide.see("✗ trap")
        ide.press("f6")
        ide.see("STEPPING", "instant 2 of 2", "trapped: integer divide by zero", "84 / 0", "✗")
        ide.press("S")
        ide.see("instant 0 of 2", gone="✗")


ARRIVING = [
    ("alt+j", "1 Source", ""), ("x", "1:1", "1 Source"), ("alt+m", "20 lines", "Expansion"),
    ("alt+m", "Expansion", ""), ("alt+t", "watstep-paper", ""), ("esc", "1:1", "watstep-paper"),
    ("alt+k", "settings.toml", ""), ("esc", "1:1", "settings.toml"),
    ("f1", "Keys while editing", ""), ("f1", "1:1", "Keys while editing"),
    ("alt+h", "20 lines", "Expansion"), ("alt+h", "Expansion", ""),
]  # fmt: skip
"""Keys in order, with what is seen after each and what is gone."""


def test_keys_arrive(tmp_path: Path) -> None:
    """A sample of each kind: Alt with a letter, function keys, Escape."""
    path = write(tmp_path, "fetch.wat")
    with Terminal(tmp_path, (120, 40), str(path)) as ide:
        ide.see("EDITING", "20 lines → 41")
        for key, seen, gone in ARRIVING:
            ide.press(key)
            ide.see(seen, gone=gone)


def test_a_person_who_was_never_here_is_welcomed_once(tmp_path: Path) -> None:
    """Any key begins."""
    path = write(tmp_path, "fetch.wat")
    state = tmp_path / ".config" / "watstep" / "state.json"
    state.parent.mkdir(parents=True)
    state.write_text('{"recent": []}')
    for welcomed in (False, True):
        with Terminal(tmp_path, (80, 24), str(path)) as ide:
            if not welcomed:
                ide.see("Welcome to watstep", "an agent's program")
                ide.press(" ")
            ide.see("EDITING", "20 lines → 41", gone="Welcome")
            ide.press("ctrl+q")
            assert ide.exit_code() == 0
    assert '"welcomed": true' in state.read_text()


def test_it_ends_with_its_terminal(tmp_path: Path) -> None:
    """Where the terminal goes away, and even its home, nothing of it is left behind."""
    path = write(tmp_path, "sum.wat")
    home = tmp_path / "home"
    home.mkdir()
    with Terminal(home, (80, 24), str(path)) as ide:
        ide.see("EDITING", "lines →")
        ide.press("x")
        ide.see("●")
        shutil.rmtree(home)
        os.dup2(os.open(os.devnull, os.O_RDWR), ide.descriptor)
        # How it ends is left to chance: it may be writing to what is gone.
        assert ide.process.wait(PATIENCE)
