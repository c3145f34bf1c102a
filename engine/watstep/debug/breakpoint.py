"""Breakpoints: a target, and what is asked and said there (STEPPING.md B1, B2)."""

from __future__ import annotations

from dataclasses import dataclass, field

from watstep.debug.expression import Expression, Scope, parse
from watstep.debug.state import Level
from watstep.debug.targets import FormTarget, LineTarget, Target, Trigger
from watstep.errors import CommandError


@dataclass(frozen=True)
class Hits:
    """Which of the times that it holds count, numbered from 1 over the whole run (B2)."""

    word: str
    """`hit`: that time alone; `from`: that and each later one; `every`: each so-many-th."""
    number: int

    @property
    def words(self) -> str:
        """As `break` takes it."""
        return f"{self.word} {self.number}"

    def counts(self, time: int) -> bool:
        """Whether the `time`-th time is one of them."""
        if self.word == "every":
            return time % self.number == 0
        return time == self.number if self.word == "hit" else time >= self.number


HIT_WORDS = ("hit", "from", "every")


@dataclass(frozen=True)
class Message:
    """What is logged: a text with expressions in braces; `{{` and `}}` are braces."""

    text: str
    parts: tuple[str | Expression, ...] = field(compare=False)

    def filled(self, scope: Scope) -> str:
        """The text with the values; raises `CommandError` where one cannot be evaluated."""
        return "".join(
            part if isinstance(part, str) else str(part.value(scope)) for part in self.parts
        )


def read_message(text: str) -> Message:
    """A message that was read; raises `CommandError` that says what is wrong in the braces."""
    parts: list[str | Expression] = []
    plain, offset = "", 0
    while offset < len(text):
        char, pair = text[offset], text[offset : offset + 2]
        if pair in {"{{", "}}"}:
            plain, offset = plain + char, offset + 2
        elif char == "{":
            end = text.find("}", offset)
            if end < 0:
                raise CommandError(f"a `}}` is missing after `{text[offset:]}`")
            parts += [plain, parse(text[offset + 1 : end])]
            plain, offset = "", end + 1
        elif char == "}":
            raise CommandError("a `}` stands without its `{`: write `}}` for a brace")
        else:
            plain, offset = plain + char, offset + 1
    return Message(text, tuple(part for part in (*parts, plain) if part != ""))


@dataclass(frozen=True)
class Options:
    """What is asked and said where a target holds."""

    condition: Expression | None = None
    hits: Hits | None = None
    message: Message | None = None
    enabled: bool = True

    @property
    def words(self) -> str:
        """As `break` takes them; the message goes to the end of the line."""
        return " ".join(
            (
                *((f"if {self.condition.text}",) if self.condition else ()),
                *((self.hits.words,) if self.hits else ()),
                *(() if self.enabled else ("off",)),
                *((f"log {self.message.text}",) if self.message else ()),
            )
        )


@dataclass(frozen=True)
class Breakpoint:
    """A breakpoint of a session, bound to its program."""

    number: int
    target: Target
    options: Options
    trigger: Trigger = field(compare=False)

    @property
    def enabled(self) -> bool:
        """Whether it is asked at all."""
        return self.options.enabled

    @property
    def words(self) -> str:
        """The argument of `break` that makes the same one again."""
        return f"{self.target.words} {self.options.words}".strip()

    @property
    def level(self) -> Level | None:
        """The text that it stands in; None for one that stands on no line."""
        return self.target.level if isinstance(self.target, LineTarget | FormTarget) else None

    @property
    def line(self) -> int | None:
        """Where it was asked for."""
        return self.target.line if isinstance(self.target, LineTarget | FormTarget) else None

    @property
    def bound_line(self) -> int | None:
        """Where the next code is; None where it stands on no line, or is unbound (B4)."""
        return self.trigger.bound_line

    @property
    def moved(self) -> bool:
        """Whether it stands on another line than was asked for."""
        return self.bound_line is not None and self.bound_line != self.line
