"""What a problem means: the page of its code over the desk, and a comment that allows it."""

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

from watstep.lint.allow import allowing
from watstep.lint.explain import explained
from watstep.lint.levels import SUMMARIES
from watstep.source.diagnostic import Diagnostic, Severity
from watstep.source.render import printable
from watstep_tui.highlight import line_states, token_ranges
from watstep_tui.keymap import key_for
from watstep_tui.problems import problem_style
from watstep_tui.results import SIGNS
from watstep_tui.screens.desk import Desk
from watstep_tui.screens.dialogs import Dialog
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

    def __init__(self, problem: Diagnostic, page: str, look: Look) -> None:
        """Show what was said of a problem, and a page in Markdown, as `--explain` prints it."""
        super().__init__()
        self._problem, self._page, self._look = problem, page, look

    def compose(self) -> ComposeResult:
        """One widget for each paragraph and each program."""
        with Vertical() as box:
            box.border_title = Text(self._problem.code)
            box.border_subtitle = Text("Esc closes")
            with VerticalScroll(can_focus=False):
                severity = self._problem.severity
                said = Text(f"{SIGNS[severity]} ", problem_style(self._look, severity, "message"))
                message = paragraph(printable(self._problem.message))
                yield Static(Text.assemble(said, message))
                for part in parts_of(self._page, self._look):
                    yield Static(part)

    def action_scroll(self, by: int) -> None:
        """Show other lines."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)


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


class Explaining:
    """What a desk tells of a problem beyond its message."""

    def __init__(self, desk: Desk) -> None:
        """Nothing is told yet."""
        self.desk = desk

    def _here(self) -> list[Diagnostic]:
        """The marked problem of the tab, else those of the cursor's line, the nearest first."""
        marked = self.desk.panel.marked_row if self.desk.panel.has_focus else None
        if marked is not None and marked.problem is not None:
            return [marked.problem]
        found = self.desk.fresh()
        row, column = self.desk.editor.selection.end
        source = found.source
        here = [item for item in found.diagnostics if source.line_of(item.span.start) == row + 1]

        def distance(item: Diagnostic) -> tuple[bool, int]:
            start = source.position(item.span.start).column - 1
            inside = start <= column <= start + item.span.end - item.span.start
            return not inside, abs(column - start)

        return sorted(here, key=distance)

    def action_explain(self) -> None:
        """Show the page of the problem at the cursor."""
        here = self._here()
        if not here:
            self.desk.note(f"no problem on this line; {key_for('next_problem')} goes to the next")
            return
        page = explained(here[0].code)
        if page is None:
            self.desk.note(f"there is no page on {here[0].code}")
            return
        look = self.desk.editor.look
        self.desk.app.push_screen(PageDialog(here[0], page, look))

    def action_allow(self) -> None:
        """Write the comment that allows the lint at the cursor."""
        here = self._here()
        lints = [
            item for item in here if item.code in SUMMARIES and item.severity is not Severity.ERROR
        ] or [item for item in here if item.code in SUMMARIES]
        if not lints:
            what = f"{here[0].code} is an error of the language" if here else "no lint is here"
            self.desk.note(f"{what}: there is nothing to allow")
            return
        problem = lints[0]
        found = self.desk.fresh()
        edit = allowing(found.expansion.tree, problem)
        if edit is None:
            self.desk.note(
                f"no comment fits on this line: write `;; allow: {problem.code}` by hand"
            )
            return
        said = f"{problem.code} is allowed here; {key_for('undo')} takes it back"
        self.desk.apply_edits(found.source, [edit], said)
