"""Two versions of a program, part by part: mine and theirs, and which of them to take."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from watstep.source.render import printable
from watstep_tui.keymap import closing
from watstep_tui.screens.dialogs.dialog import Dialog
from watstep_tui.text.differing import merged, parts_of
from watstep_tui.theming import Look
from watstep_tui.widgets.choice import Choice

CONTEXT = 2
"""Lines that agree, shown before and after those that differ."""
MOST_SHOWN = 400
"""Lines of one part that are shown."""
SIDE_BY_SIDE = 100
"""Cells from which both versions stand side by side."""
TAKE, KEEP, ELSEWHERE, MERGE = "Take theirs", "Keep mine", "Save mine as…", "Merge"


class Chosen(NamedTuple):
    """The text that an answer makes of both versions."""

    text: str
    elsewhere: bool
    """Whether it is to be saved under another name."""


class DifferenceDialog(Dialog[Chosen]):
    """What another program wrote beside what stands here; each part can be chosen."""

    BINDINGS: ClassVar = [
        ("down", "part(1)", ""),
        ("up", "part(-1)", ""),
        ("m", "switch", ""),
        ("pagedown", "scroll(10)", ""),
        ("pageup", "scroll(-10)", ""),
    ]
    AROUND = 14
    DEFAULT_CSS = """
    DifferenceDialog > Vertical { width: 96%; height: auto; max-height: 96%; }
    DifferenceDialog VerticalScroll { height: auto; margin-top: 1;
        scrollbar-size: 1 1; }
    DifferenceDialog VerticalScroll Static { text-wrap: nowrap; text-overflow: ellipsis; }
    DifferenceDialog .hint { margin-top: 1; height: 1; }
    """

    def __init__(self, question: str, mine: str, theirs: str, look: Look) -> None:
        """Ask about two texts that differ."""
        super().__init__()
        self._question, self._look = question, look
        self._parts = parts_of(mine, theirs)
        differing = [part for part in self._parts if part.differs]
        self._theirs = [False] * len(differing)
        """For each part that differs, whether it is taken from theirs."""
        self._here = 0
        self._rows: list[int] = []
        """The row at which each of them is drawn."""

    def compose(self) -> ComposeResult:
        """The sentence, the versions, the answers."""
        with Vertical() as box:
            box.border_title = Text("Changed on disk")
            yield Static(printable(self._question), markup=False)
            with VerticalScroll(can_focus=False, classes="-scrolls"):
                yield Static(id="versions")
            yield Static("", classes="hint", markup=False)
            with Horizontal(classes="answers"):
                for answer in (TAKE, KEEP, ELSEWHERE, MERGE):
                    yield Choice(answer)

    def on_mount(self) -> None:
        """Draw once the room is known."""
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        """Side by side, or one below the other."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        box = self.query_one(VerticalScroll)
        width = box.size.width - 1
        self._rows = []
        rows: list[Text] = []
        for at, part in enumerate(self._parts):
            if part.differs:
                self._rows.append(len(rows))
                rows += self._differing(len(self._rows) - 1, width)
            else:
                rows += self._agreeing(at, width)
        self.query_one("#versions", Static).update(Text("\n").join(rows))
        taken = sum(self._theirs)
        said = f"merging takes {taken} of {len(self._theirs)} from theirs"
        self.query_one(".hint", Static).update(closing("↓ ↑ part", "M mine or theirs", said))

    def _agreeing(self, at: int, width: int) -> list[Text]:
        """The lines beside the parts that differ."""
        part = self._parts[at]
        lines = list(enumerate(part.mine, part.line))
        head = lines[:CONTEXT] if at else []
        tail = lines[-CONTEXT:] if at + 1 < len(self._parts) else []
        if len(head) + len(tail) >= len(lines):
            head, tail = (lines if head or tail else []), []
        rows = [self._plain(number, line, width) for number, line in head]
        if len(head) + len(tail) < len(lines) and (head and tail):
            rows.append(
                Text(_fitted(f"         ⋯ {len(lines) - len(head) - len(tail)} lines", width))
            )
            rows[-1].stylize(self._look.panes["popup_muted"])
        return rows + [self._plain(number, line, width) for number, line in tail]

    def _plain(self, number: int, line: str, width: int) -> Text:
        label = f"{number:>5}    "
        if width < SIDE_BY_SIDE:
            return Text(_fitted(label + _shown(line), width), self._look.panes["popup_muted"])
        half = (width - 3) // 2
        side = _fitted(_shown(line), half - len(label))
        return Text(f"{label}{side} │ {label}{side}", self._look.panes["popup_muted"])

    def _differing(self, index: int, width: int) -> list[Text]:
        part = [part for part in self._parts if part.differs][index]
        here, theirs = index == self._here, self._theirs[index]
        removed, added = self._look.panes["removed"], self._look.panes["added"]
        mine = [
            self._side("-", number, line, removed, chosen=not theirs, here=here)
            for number, line in enumerate(part.mine[:MOST_SHOWN], part.line)
        ]
        other = [
            self._side("+", None, line, added, chosen=theirs, here=here)
            for line in part.theirs[:MOST_SHOWN]
        ]
        if width < SIDE_BY_SIDE:
            return [_cut(row, width) for row in (*mine, *other)]
        half = (width - 3) // 2
        rows = []
        for at in range(max(len(mine), len(other))):
            left = mine[at] if at < len(mine) else Text("▸" if here else "")
            right = other[at] if at < len(other) else Text("")
            rows.append(Text.assemble(_cut(left, half), " │ ", _cut(right, half)))
        return rows

    def _side(
        self, sign: str, number: int | None, line: str, style: Style, *, chosen: bool, here: bool
    ) -> Text:
        """A line of a version: its sign, its number, and a tick where it is taken."""
        pointer = "▸" if here else " "
        tick = "✓" if chosen else " "
        text = Text(f"{pointer}{number or '':>4}{tick} {sign} ")
        text.append(_shown(line), style + Style(bold=chosen, dim=not chosen))
        return text

    def action_part(self, by: int) -> None:
        """The next part that differs, in sight."""
        self._here = max(0, min(self._here + by, len(self._theirs) - 1))
        self._draw()
        box = self.query_one(VerticalScroll)
        box.scroll_to(y=max(self._rows[self._here] - CONTEXT, 0), animate=False)

    def action_switch(self) -> None:
        """Take the part in hand from the other version."""
        self._theirs[self._here] = not self._theirs[self._here]
        self._draw()

    @on(Choice.Chosen)
    def answer(self, event: Choice.Chosen) -> None:
        """Close with the answer and what it makes."""
        every = {TAKE: True, KEEP: False, ELSEWHERE: False}.get(event.word)
        choices = self._theirs if every is None else [every] * len(self._theirs)
        self.dismiss(Chosen(merged(self._parts, choices), event.word == ELSEWHERE))


def _shown(line: str) -> str:
    return printable(line.rstrip("\r\n")).replace("\t", "    ")


def _fitted(text: str, width: int) -> str:
    """Exactly so many cells."""
    if cell_len(text) > width:
        return set_cell_size(text, width - 1) + "…"
    return set_cell_size(text, width)


def _cut(text: Text, width: int) -> Text:
    """A styled line in exactly so many cells."""
    cut = text.copy()
    cut.truncate(width, overflow="ellipsis", pad=True)
    return cut
