"""A page on a problem, as `--explain` prints it, laid out to be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from rich.padding import Padding
from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from watstep.source.diagnostic import Diagnostic
from watstep.source.render import picture_lines, printable
from watstep.source.text import Source
from watstep_tui.compiled.problems import problem_style
from watstep_tui.highlight import line_states, token_ranges
from watstep_tui.keymap import closing
from watstep_tui.results import SIGNS
from watstep_tui.screens.dialogs.dialog import Dialog
from watstep_tui.theming import Look

_CODE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
_FENCE = "```"


class PageDialog(Dialog[None]):
    """A page to read; it scrolls by keys and by the wheel."""

    BINDINGS: ClassVar = [
        ("down,j", "scroll(1)", ""),
        ("up,k", "scroll(-1)", ""),
        ("pagedown,space", "scroll(10)", ""),
        ("pageup", "scroll(-10)", ""),
        ("alt+p,q,enter", "dismiss", "Close"),
    ]
    DEFAULT_CSS = """
    PageDialog > Vertical { width: 84; padding: 1 1 0 2; }
    PageDialog VerticalScroll { height: auto; max-height: 100%; scrollbar-size: 1 1; }
    PageDialog Static { height: auto; padding: 0 1 1 0; }
    """

    def __init__(self, source: Source, problem: Diagnostic, page: str, look: Look) -> None:
        """Show what was said of a problem of `source`, its stack, and a page in Markdown."""
        super().__init__()
        self._stack = picture_lines(source, problem.stack) if problem.stack else []
        self._problem, self._page, self._look = problem, page, look

    def compose(self) -> ComposeResult:
        """One widget for each paragraph and each program."""
        with Vertical() as box:
            box.border_title = Text(self._problem.code)
            box.border_subtitle = Text(closing("↑ ↓ scroll"))
            with VerticalScroll(can_focus=False):
                severity = self._problem.severity
                said = Text(f"{SIGNS[severity]} ", problem_style(self._look, severity, "message"))
                message = paragraph(printable(self._problem.message))
                yield Static(Text.assemble(said, message))
                if self._stack:
                    yield Static(Text("\n".join(self._stack), no_wrap=True, overflow="ellipsis"))
                for part in parts_of(self._page, self._look):
                    yield Static(part)


def parts_of(page: str, look: Look) -> Iterator[Text | Padding]:
    """The paragraphs and the programs of a page, without its heading; blank lines divide them."""
    for block in page.strip().split("\n\n"):
        lines = block.strip().split("\n")
        if lines[0].startswith("# "):
            continue
        if lines[0].startswith(_FENCE):
            yield Padding(_program(lines[1:-1], look), (0, 0, 0, 2))
        else:
            yield paragraph(" ".join(lines))


def _program(lines: list[str], look: Look) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    for number, (line, state) in enumerate(zip(lines, line_states(lines), strict=True)):
        shown = Text(line)
        for start, end, style in token_ranges(line, state, look.syntax):
            shown.stylize(style, start, end)
        text.append("\n" if number else "").append_text(shown)
    return text


def paragraph(words: str) -> Text:
    """Words between backquotes stand out, links are their words; `Wrong:` heads a program."""
    text = Text(style=Style(bold=words.endswith(":")))
    plain = _LINK.sub(r"\1", words)
    at = 0
    for found in _CODE.finditer(plain):
        text.append(plain[at : found.start()]).append(found[1], Style(bold=True))
        at = found.end()
    return text.append(plain[at:])
