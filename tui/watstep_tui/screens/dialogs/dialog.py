"""The box that every dialog is, and the one in the colours of a list over the code."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import OptionList

from watstep_tui.screens.closing import ClosesOnce

T = TypeVar("T")


class Dialog(ClosesOnce[T], ModalScreen[T], Generic[T]):
    """A box over the working screen; Escape closes it without an answer."""

    BINDINGS: ClassVar = [
        ("escape", "dismiss", "Close"),
        ("left", "app.focus_previous", ""),
        ("right", "app.focus_next", ""),
    ]
    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 60%; }
    Dialog:ansi { background: transparent; }
    Dialog > Vertical { width: 72; max-width: 100%; height: auto; max-height: 100%;
        background: $surface; border: round $border; border-title-color: $foreground;
        border-title-style: bold; border-subtitle-color: $text-muted; padding: 1 2; }
    Dialog .answers { height: 1; margin-top: 1; }
    Dialog Input { border: none; height: 1; padding: 0 1; background: $panel;
        background-tint: $panel 0%; }
    Dialog Input:focus { border: none; background-tint: $foreground 8%; }
    Dialog Input:ansi, Dialog TextArea:ansi { background: ansi_default; text-style: underline; }
    Dialog .problem { color: $error; height: auto; }
    Dialog .hint { color: $text-muted; height: auto; }
    Dialog OptionList, Dialog OptionList:focus { height: auto; border: none; padding: 0;
        background: $surface; background-tint: $surface 0%; scrollbar-size: 1 1; text-wrap: nowrap;
        text-overflow: ellipsis; }
    Dialog OptionList > .option-list--option { padding: 0 1; }
    Dialog OptionList > .option-list--option-highlighted,
    Dialog OptionList:focus > .option-list--option-highlighted {
        background: $popup-chosen; color: $popup-chosen-text; text-style: bold; }
    """

    AROUND: ClassVar = 0
    """Rows that stand above and below the part of class `-scrolls`, which has the rest at most."""

    def on_resize(self) -> None:
        """What does not scroll must find room."""
        self.call_after_refresh(self._make_room)

    def _make_room(self) -> None:
        for part in self.query(".-scrolls"):
            part.styles.max_height = max(self.size.height - self.AROUND, 3)

    def action_scroll(self, by: int) -> None:
        """Show other lines of what may be longer than the box."""
        for box in self.query(VerticalScroll):
            box.scroll_relative(y=by, animate=False)


class PopupDialog(Dialog[T], Generic[T]):
    """A list with the focus, in the colours of what stands over the code, which stays in sight."""

    DEFAULT_CSS = """
    PopupDialog { background: transparent; }
    PopupDialog > Vertical { padding: 1 1 0 1; background: $popup; border: round $popup-border; }
    PopupDialog OptionList, PopupDialog OptionList:focus { max-height: 14; background: $popup;
        background-tint: $popup 0%; }
    PopupDialog OptionList > .option-list--option { color: $popup-text; }
    PopupDialog .hint { margin: 1 1; color: $popup-text; }
    """

    def begin_at(self, index: int) -> None:
        """Mark a row, and give the list the keys."""
        choices = self.query_one(OptionList)
        choices.highlighted = index
        choices.focus()
