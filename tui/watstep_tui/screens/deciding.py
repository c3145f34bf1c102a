"""Answers and values in the person's hand: the dialogs that ask for them, and timelines (L7)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from rich.text import Text

from watstep.debug.answering import Asked, call_asked
from watstep.debug.calls import question_text
from watstep.debug.session import Session
from watstep.host.errors import ErrorCode
from watstep.host.offered import Question
from watstep.host.tape import HostCall, value_text
from watstep_tui.rows.snapshot import Snapshot, quoted
from watstep_tui.screens.session import SessionScreen
from watstep_tui.screens.tabs import CALLS
from watstep_tui.widgets.command_line import CommandLine

_WORDS = {
    "live": "ask the world: the call is made",
    "recorded": "play what was recorded",
    "text": "type a text",
    "number": "type a number or a pointer",
    "error": "answer with an error",
    "empty": "answer with nothing",
    "deny": "deny the grant: EACCESS, from here on",
}
"""By the kind of an answer."""


class Deciding:
    """The rows of the registry that change what the world answers, and what values are."""

    def __init__(self, screen: SessionScreen) -> None:
        """Decide for a session."""
        self.screen, self.board = screen, screen.board

    # Answers of host calls.

    def action_answer(self) -> None:
        """Answer the call at the cursor, of the marked row, or the last one by hand."""
        found, pane = self.screen.snapshot, self.board.pane("below")
        instant: int | None = None
        if found and self.board.active == "below" and self.board.open_tab is CALLS:
            marked = found.tape[pane.marked : pane.marked + 1] if pane.marked is not None else ()
            instant = marked[0].instant if marked else None
        self.screen.ask(partial(self._find, instant))

    def _find(self, instant: int | None, session: Session) -> None:
        """Find the call, beside the keyboard."""
        asked = call_asked(session, instant)
        self.screen.app.call_from_thread(self._choose, asked)

    def _choose(self, asked: Asked) -> None:
        from watstep_tui.screens.dialogs.listed import ListDialog

        kinds = asked.kinds
        words = {**_WORDS, "live": "make the call again"} if asked.made else _WORDS
        rows = [Text.assemble((f"{kind:<10}", "bold"), words[kind]) for kind in kinds]
        title = f"Answer {asked.question.function}"
        dialog = ListDialog(title, rows, head=self._head(asked), enter="answers")
        # An Enter by accident asks the world nothing.
        safe = asked.recorded and (asked.made or asked.difference)
        dialog.first = kinds.index("recorded") if safe else 0

        def chosen(number: int | None) -> None:
            if number is not None:
                self._take_kind(asked, kinds[number])

        self.screen.app.push_screen(dialog, chosen)

    def _head(self, asked: Asked) -> Text:
        """The call and what was answered; the recorded one over the one that is made instead."""
        look = self.screen.look
        if asked.difference is not None:
            recorded = asked.difference.recorded
            was = Question(recorded.function, recorded.arguments) if recorded else None
            return Text.assemble(
                "the call is not the one that was recorded\n",
                (f"- {question_text(was) if was else 'no further call'}", look.panes["removed"]),
                f" → {_answered(recorded)}\n" if recorded else "\n",
                (f"+ {question_text(asked.question)}", look.panes["added"]),
            )
        head = Text(f"{asked.instant + 1}  {question_text(asked.question)}")
        known = asked.made or asked.recorded
        if known:
            how = known.origin.value if asked.made else "recorded"
            head.append(f"\n→ {_answered(known)}  {how}", "bold")
        return head

    def _take_kind(self, asked: Asked, kind: str) -> None:
        ask: dict[str, Callable[[Asked], None]] = {
            "text": self._ask_text,
            "number": self._ask_number,
            "error": self._ask_error,
        }
        if kind in ask:
            ask[kind](asked)
        else:
            self._answer(asked, kind)

    def _answer(self, asked: Asked, answer: str) -> None:
        self.screen.send(f"answer at {asked.instant + 1} {answer}")

    def _ask_text(self, asked: Asked) -> None:
        known = asked.made or asked.recorded
        typed = known.results[0].text if known and known.results else None
        self._write(
            f"What {asked.question.function} answers", typed or "",
            lambda text: self._answer(asked, f"text {_literal(text)}"),
        )  # fmt: skip

    def _write(self, title: str, typed: str, then: Callable[[str], None]) -> None:
        from watstep_tui.screens.dialogs.text import TextDialog

        def written(text: str | None) -> None:
            if text is not None:
                then(text)

        self.screen.app.push_screen(TextDialog(title, typed), written)

    def _ask_number(self, asked: Asked) -> None:
        self._ask_line(
            f"What {asked.question.function} answers", "a number, or a pointer", "",
            lambda line: self._answer(asked, f"number {line}"),
        )  # fmt: skip

    def _ask_line(self, title: str, hint: str, typed: str, then: Callable[[str], None]) -> None:
        from watstep_tui.screens.dialogs.line import LineDialog

        def filled(line: str | None) -> None:
            if line is not None:
                then(line.strip())

        judge = lambda line: None if line.strip() else hint  # noqa: E731
        self.screen.app.push_screen(LineDialog(title, hint, judge, typed=typed), filled)

    def _ask_error(self, asked: Asked) -> None:
        from watstep_tui.screens.dialogs.pick import PickDialog

        codes = [code for code in ErrorCode if code]
        rows = [Text(f"{code.value:>2}  {code.name}") for code in codes]

        def picked(number: int | None) -> None:
            if number is None:
                return
            code = codes[number]
            if code is ErrorCode.EHTTP and "text" in asked.kinds:
                self._write(
                    "The text that comes with EHTTP", "",
                    lambda text: self._answer(asked, f"error EHTTP {_literal(text)}"),
                )  # fmt: skip
            else:
                self._answer(asked, f"error {code.name}")

        title = f"The error of {asked.question.function}"
        self.screen.app.push_screen(PickDialog(title, rows), picked)

    # Values.

    def action_change(self) -> None:
        """Change the marked value, or the text that it points at; else ask on the command line."""
        found, pane = self.screen.snapshot, self.board.pane(self.board.active)
        value = None if pane.marked is None else self.board.value_at(pane.marked)
        if found is None or value is None:
            self.screen.query_one(CommandLine).open("set ")
        elif any(frame.kind == "function" for frame in found.state.frames[: found.view.frame]):
            self.screen.say("values of the innermost function can be changed: f goes there")
        else:
            self._change(found, *value)

    def _change(self, found: Snapshot, name: str, value: int) -> None:
        target = f"local[{name}]" if name.isdecimal() else name
        number = value - (1 << 32) if value >> 31 else value
        to_number = partial(
            self._ask_line,
            f"Change {name}",
            "a number or an expression: 5, 0x10, $x + 1; a new timeline begins here",
            str(number),
            lambda line: self.screen.send(f"set {target} {line}"),
        )
        text = found.texts.get(value)
        if text is None:
            to_number()
            return
        from watstep_tui.screens.dialogs.listed import ListDialog

        rows = [Text(f"the number {number}"), Text(f"the text at {value}: {quoted(text)}")]
        dialog = ListDialog(f"Change {name}", rows, enter="changes it")

        def chosen(row: int | None) -> None:
            if row == 0:
                to_number()
            elif row == 1:
                self._write(
                    f"The text at {value}", text,
                    lambda typed: self.screen.send(f"set text[{value}] {_literal(typed)}"),
                )  # fmt: skip

        self.screen.app.push_screen(dialog, chosen)

    # Timelines.

    def action_timelines(self) -> None:
        """List the timelines, to go to one, name, compare or give it up."""
        from watstep_tui.screens.dialogs.timelines import TimelinesDialog, Wish

        found = self.screen.snapshot
        if found is None:
            return
        dialog = TimelinesDialog(found.timelines)

        def chosen(number: int | None) -> None:
            if number is None:
                return
            named = found.timelines[number]
            if dialog.wish is Wish.NAME:
                self._ask_line(
                    f"Name timeline {named.name}", "one word", named.name,
                    lambda name: self._name(found, named.name, name),
                )  # fmt: skip
            else:
                self.screen.send(f"{dialog.wish.value} {named.name}")

        self.screen.app.push_screen(dialog, chosen)

    def _name(self, found: Snapshot, old: str, name: str) -> None:
        """Give a timeline a name; it is looked at then."""
        if found.timeline and found.timeline.name != old:
            self.screen.send(f"timeline {old}")
        self.screen.send(f"name {name}")


def _answered(call: HostCall) -> str:
    first = value_text(call.results[0]) if call.results else "nothing"
    return call.error or call.trap or first


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _literal(text: str) -> str:
    """A text as a command line has it, on one line in quotes."""
    letters = (
        _ESCAPES.get(letter) or (letter if letter >= " " else f"\\{ord(letter):02x}")
        for letter in text
    )
    return f'"{"".join(letters)}"'
