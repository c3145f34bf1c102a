"""Why this value: what it was made of, as a tree that is made level by level.

The instruction that last wrote a value is found by a search; its operands, in the state just before
it, are values that were written by earlier ones. Reading a local is no step of its own, nor is what
only moves a value along a branch.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from watstep.debug.places import Place
from watstep.debug.pointed import text_at
from watstep.debug.spots import InLocal, InMemory, Returned, Spot
from watstep.debug.writers import Hand, Write, Writers
from watstep.host.tape import HostCall
from watstep.module.ir import Instruction

MOST_PIECES = 64
"""How many writers of one range of memory are told apart."""
MOST_BYTES = 1 << 16
"""How long a range may be whose writers are asked for."""


class Made(Enum):
    """How a value came to be."""

    LOCAL = "local"
    """It stands in a local that an instruction set."""
    PARAMETER = "parameter"
    OPERATION = "operation"
    CONSTANT = "constant"
    TEXT = "text"
    """The address of a text of the program."""
    RESULT = "result"
    """A function of the program returned it."""
    ANSWER = "answer"
    """A host call answered it, or wrote the bytes."""
    PIECES = "pieces"
    """Several wrote the bytes."""
    STORED = "stored"
    """A store wrote the bytes."""
    DATA = "data"
    CHANGED = "changed"
    """A person changed it, where this timeline begins."""
    UNSET = "unset"
    """Nothing wrote it: it is 0."""


class Operand(NamedTuple):
    """A value that another was made of, and what it is there for."""

    spot: Spot
    role: str = ""
    """`address`, `condition`; "" where it is simply a part."""
    value: int | None = None
    """Known before for what a function returned, which stands nowhere."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A row of the tree: a value and what made it."""

    made: Made
    operand: Operand
    name: str
    """`$x`, `i32.add`, `http.get`, or what bytes of what."""
    value: int | None
    """0 to 2**32-1; None for bytes that are no i32."""
    text: str
    """The text that the value points at, or that the bytes are; "" where there is none."""
    instant: int | None
    """Where its row leads: the instant at which the cursor stands at what made it."""
    place: Place | None
    operands: tuple[Operand, ...] = ()
    call: HostCall | None = None
    part: tuple[int, int] | None = None
    """Of bytes that were written as a whole with others: which of them, from 0 and up to. The four
    bytes of a text's length are -4 to 0."""


_ROLES = {"select": ("", "", "condition"), "memory.grow": ("pages",)}


@dataclass(frozen=True)
class Causes:
    """Answers for one timeline. An answer of None is that the timeline was interrupted."""

    writers: Writers

    def cause(self, operand: Operand) -> Cause | None:
        """What made the value of an operand; its own operands are asked for in turn."""
        if isinstance(operand.spot, InMemory):
            return self._bytes(operand, operand.spot)
        write: Write | None
        while not isinstance(operand.spot, InLocal):
            write = self.writers.writer(operand.spot)
            if write is None:
                return None
            made = self._instruction(write)
            if made is None or made.name not in {"local.get", "local.tee"}:
                return self._pushed(operand, write, made)
            # What is read from a local, or left on the stack beside setting it, is that value.
            assert isinstance(made.immediate, int)
            spot: Spot = (
                write.operands[0]
                if write.operands
                else InLocal(write.instant, write.depth, made.immediate)
            )
            operand = operand._replace(spot=spot)
        write = self.writers.local(operand.spot)
        return None if write is None else self._local(operand, operand.spot, write)

    def _instruction(self, write: Write) -> Instruction | None:
        plain = write.hand is Hand.INSTRUCTION and write.place is not None
        return self.writers.sites.instruction(write.place) if plain and write.place else None

    def _value(self, operand: Operand) -> int:
        """The value that stands at a spot, unsigned."""
        spot = operand.spot
        if operand.value is not None or isinstance(spot, InMemory | Returned):
            return operand.value or 0
        frame = self.writers.frames(spot.instant)[spot.depth]
        return int(frame[2][spot.local] if isinstance(spot, InLocal) else frame[3][spot.slot])

    def _text(self, value: int, instant: int) -> str:
        """The text that a value points at, at an instant."""
        self.writers.timeline.seek_machine(instant)
        return text_at(value, self.writers.timeline.machine.read)

    def _local(self, operand: Operand, spot: InLocal, write: Write) -> Cause:
        value = self._value(operand)
        function = self.writers.frames(spot.instant)[spot.depth][0]
        local = self.writers.sites.program.function(function).locals[spot.local]
        name = local.name or f"local {spot.local}"
        text = self._text(value, spot.instant)
        if write.hand is Hand.NOBODY:
            return Cause(Made.UNSET, operand, name, value, "", None, None)
        if write.hand is Hand.PERSON:
            return Cause(Made.CHANGED, operand, name, value, text, write.instant, None)
        made = Made.PARAMETER if write.hand is Hand.PARAMETER else Made.LOCAL
        operands = tuple(Operand(part) for part in write.operands)
        return Cause(made, operand, name, value, text, write.instant, write.place, operands)

    def _pushed(self, operand: Operand, write: Write, made: Instruction | None) -> Cause:
        """What pushed a stack value."""
        value = self._value(operand)
        instant = operand.spot.instant + isinstance(operand.spot, Returned)
        text = self._text(value, instant)
        if write.hand is Hand.PERSON:
            return Cause(Made.CHANGED, operand, "value", value, text, write.instant, None)
        if made is None:
            return self._called(operand, write, value, text)
        assert write.place is not None
        if made.name == "i32.const":
            kind = Made.TEXT if self._is_text(made) else Made.CONSTANT
            shown = text if kind is Made.TEXT else ""
            return Cause(kind, operand, made.name, value, shown, write.instant, write.place)
        operands = self._operands(made, write)
        return Cause(
            Made.OPERATION, operand, made.name, value, text, write.instant, write.place, operands
        )

    def _is_text(self, made: Instruction) -> bool:
        """Whether a constant is the address of a text that the program holds."""
        rendering = self.writers.sites.program.rendering
        origin = rendering.pieces[rendering.piece_at(made.start)].origin
        return origin is not None and origin.rule == "string"

    def _operands(self, made: Instruction, write: Write) -> tuple[Operand, ...]:
        """The operands of an instruction; of a load what it reads, of `select` what it chose."""
        assert write.place is not None
        stack = self.writers.frames(write.instant)[write.depth][3]
        touched = self.writers.sites.touched(write.place, stack)
        if touched is not None:
            read = InMemory(write.instant, touched[0], touched[1] - touched[0])
            return Operand(read), Operand(write.operands[0], "address")
        if made.name == "select":
            first, second, condition = write.operands
            chosen = first if stack[-1] else second
            return Operand(chosen), Operand(condition, "condition")
        roles = _ROLES.get(made.name, ())
        padded = (*roles, *[""] * len(write.operands))
        return tuple(
            Operand(spot, role) for spot, role in zip(write.operands, padded, strict=False)
        )

    def _called(self, operand: Operand, write: Write, value: int, text: str) -> Cause:
        """A result of a call."""
        timeline = self.writers.timeline
        if write.call is not None:
            call = timeline.tape[write.call]
            operands = _arguments(write)
            name = f"error of {call.function}" if write.result else call.function
            return Cause(
                Made.ANSWER, operand, name, value, text, write.instant, write.place,
                operands, call,
            )  # fmt: skip
        operands = tuple(Operand(part, value=value) for part in write.operands)
        name = "?"
        if write.place is not None:
            called = self.writers.sites.instruction(write.place).immediate
            assert isinstance(called, int)
            function = self.writers.sites.program.function(called)
            name = function.name or function.label
        return Cause(Made.RESULT, operand, name, value, text, write.instant, write.place, operands)

    def _bytes(self, operand: Operand, spot: InMemory) -> Cause | None:
        """What wrote bytes of the memory; several writers are operands of their own."""
        pieces = self._pieces(spot)
        if pieces is None:
            return None
        timeline = self.writers.timeline
        timeline.seek_machine(spot.instant)
        content = timeline.machine.read(spot.address, spot.length)
        name = _range_name(spot)
        value = int.from_bytes(content, "little") if spot.length <= 4 else None
        text = _readable(content)
        if len(pieces) > 1:
            parts = tuple(Operand(piece) for piece, _ in pieces)
            return Cause(Made.PIECES, operand, name, value, text, None, None, parts)
        write = pieces[0][1]
        assert write is not None
        if write.hand is Hand.NOBODY:
            return Cause(Made.UNSET, operand, name, value, "", None, None)
        if write.hand is Hand.PERSON:
            return Cause(Made.CHANGED, operand, name, value, text, write.instant, None)
        part = self._part(spot, write)
        if write.hand is Hand.DATA:
            return Cause(Made.DATA, operand, name, value, text, None, None, part=part)
        if write.call is not None:
            return Cause(
                Made.ANSWER, operand, name, value, text, write.instant, write.place,
                _arguments(write), timeline.tape[write.call], part,
            )  # fmt: skip
        operands = (Operand(write.operands[0]), Operand(write.operands[1], "address"))
        return Cause(
            Made.STORED, operand, name, value, "", write.instant, write.place, operands, part=part
        )

    def _pieces(self, spot: InMemory) -> list[tuple[InMemory, Write | None]] | None:
        """The parts of a range that were written each by one write, in order.

        Of very many the last ones are left whole, with no writer: they are asked for in turn.
        """
        found: list[tuple[InMemory, Write | None]] = []
        pending = [spot]
        while pending and len(found) + len(pending) < MOST_PIECES:
            piece = pending.pop()
            write = self.writers.memory(piece)
            if write is None:
                return None
            end = piece.address + piece.length
            low, high = write.bytes or (piece.address, end)
            low, high = max(low, piece.address), min(high, end)
            found.append((piece._replace(address=low, length=high - low), write))
            rest = ((piece.address, low), (high, end))
            pending += [InMemory(spot.instant, a, b - a) for a, b in rest if a < b]
        left: list[tuple[InMemory, Write | None]] = [(piece, None) for piece in pending]
        return sorted([*found, *left], key=lambda item: item[0].address)

    def _part(self, spot: InMemory, write: Write) -> tuple[int, int] | None:
        """Which bytes of all that were written at once a range is, None for all of them."""
        if write.bytes is None or write.bytes == (spot.address, spot.address + spot.length):
            return None
        start = write.bytes[0]
        self.writers.timeline.seek_machine(spot.instant)
        content = b""
        if write.data is not None:
            content = write.data.content
        elif write.call is not None:
            writes = self.writers.timeline.tape[write.call].writes
            content = next(item.content for item in writes if item.address == start)
        # A text value is its length and the text: its bytes are counted from the text on.
        texts = len(content) >= 4 and int.from_bytes(content[:4], "little") == len(content) - 4
        first = spot.address - start - 4 * texts
        return first, first + spot.length


def _arguments(write: Write) -> tuple[Operand, ...]:
    """The arguments of a host call."""
    several = len(write.operands) > 1
    return tuple(
        Operand(spot, f"argument {number}" if several else "argument")
        for number, spot in enumerate(write.operands, 1)
    )


def _range_name(spot: InMemory) -> str:
    last = spot.address + spot.length - 1
    return f"byte {last}" if spot.length == 1 else f"bytes {spot.address} to {last}"


def _readable(content: bytes) -> str:
    """Bytes as text, where they are text that people can read."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return ""
    return text if all(c.isprintable() or c in "\n\r\t" for c in text) else ""
