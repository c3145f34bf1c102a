"""The prompt's lines and expressions: what they mean, and that nothing typed is ever a fault."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.programs import MacroWriter
from tests.engine.stepping import session_of
from watstep.debug.commands.table import COMMANDS, execute, in_full
from watstep.debug.reports import reply_value
from watstep.errors import CommandError, NoCommandError


@pytest.fixture(autouse=True, scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is saved under any name is saved here."""
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("written"))
    yield
    os.chdir(before)


TEXT = """(local $a i32) (local $b i32)
(local.set $a (i32.const -7))
(call $dbg.log "héllo")
(i32.add (local.get $a) (i32.const 3))
"""

# At instant 5: $a is set and stands on the stack; the text lies at 16, six bytes long.
VALUES: dict[str, int | str] = {
    "$a": -7,
    "$b": 0,
    "stack[0]": -7,
    "stack[-1]": -7,
    "mem32[16]": 6,
    "text[16]": "héllo",
    "text[ 8 * 2 ]": "héllo",
    "fuel": 6,
    "step": 5,
    "depth": 1,
    "0x1F + 1_000": 1031,
    "007": 7,
    "1 + 2 * 3 - -4": 11,
    "-7 / 2": -3,
    "$a % 4": -3,
    "1 << 4 | 2 ^ 3 & 1": 19,
    "$a < 0 and step >= 5": 1,
    "$b or not 0": 1,
    "text[16] == text[16]": 1,
    "text[16] != 1": 1,
}
REFUSED = (
    *("", "$nope", "1 +", "(1", "1 2", "stack[1]", "stack[-2]", "mem32[-1]", "text[65535]"),
    *("text[0]", "text[$b]"),
    *("text[20]", "1 / 0", "1 % 0", "1 << 64", "1 << -1", "1 << 63 << 63", "text[16] + 1"),
    *("-text[16]", "mem32[text[16]]", "0x", "0x_", "9" * 50, "(" * 60, "-" * 60 + "1", "é", "\0"),
    *("[", "$", "print", "9999999999" + " * 9999999999" * 9, "and", "not"),
)


@pytest.mark.parametrize(("expression", "value"), VALUES.items())
def test_expressions(expression: str, value: int | str) -> None:
    """STEPPING.md B2: locals, stack, memory, texts, figures, arithmetic as i32 has it."""
    session = session_of(TEXT)
    session.goto(5)
    assert execute(session, f"print {expression}").result == value


@pytest.mark.parametrize("expression", REFUSED)
def test_expressions_that_cannot_be_evaluated(expression: str) -> None:
    """STEPPING.md B2: they say why, in one line."""
    session = session_of(TEXT)
    session.goto(5)
    with pytest.raises(CommandError) as refused:
        execute(session, f"p {expression}")
    assert str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_is_no_utf8_is_no_text() -> None:
    """STEPPING.md L4: never as text where it does not point at one."""
    memory = '(memory (export "memory") 1) (data (i32.const 8) "\\01\\00\\00\\00\\ff")'
    session = session_of(f'(module {memory} (func (export "run") (result i32) (i32.const 8)))')
    with pytest.raises(CommandError, match="the bytes at 8 are no UTF-8"):
        execute(session, "print text[8]")


def test_goto_wants_an_instant() -> None:
    """STEPPING.md S9: without one it says what it takes, and changes nothing."""
    session = session_of(TEXT)
    with pytest.raises(CommandError, match="give an instant, or `end`"):
        execute(session, "goto")
    assert session.position.instant == 0


def test_names() -> None:
    """Names, short forms and beginnings; the nearest is offered; no two commands share a word."""
    words = [word for command in COMMANDS for word in (command.name, *command.short)]
    assert len(words) == len(set(words))
    assert in_full("s 3") == "step 3"
    assert in_full("reverse  4") == "reverse-continue 4"
    assert in_full("  S ") == "back"
    assert in_full("bogus 1") == "bogus 1"
    session = session_of(TEXT)
    for line, said in (("stepp", "did you mean step"), ("st", "could be step, state, stack")):
        with pytest.raises(NoCommandError, match=said):
            execute(session, line)


def test_a_place_in_a_macro_shows_what_runs_there() -> None:
    """S5: the source's line stays that of the call; under it stands the statement within."""
    session = session_of("(argv 0 $p)\n(i32.const 0)\n", ("x",))
    lines = [execute(session, "step").text.splitlines()[1:] for _ in range(5)]
    assert {row[0].strip() for row in lines} == {"1  (argv 0 $p)"}
    assert [row[1] for row in lines] == [
        *("    →  (call $sys.argv (i32.const 0))", "    →  (local.set $p.err)"),
        *("    →  (local.set $p)", "    →  (if (i32.ne (local.get $p.err) (i32.const 0))"),
        "    →  (if (i32.ne (local.get $p.err) (i32.const 0))",
    ]


WORDS = [word for command in COMMANDS for word in (command.name, *command.short)]
ARGUMENTS = ["", "1", "3", "0", "-1", "end", "e7", "s3", "source 4", "e999", "5 5", "i", "$a"]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.integers(0, 30),
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(WORDS), st.sampled_from(ARGUMENTS)).map(" ".join),
            st.tuples(st.just("print"), st.sampled_from(REFUSED)).map(" ".join),
            st.text(max_size=12),
        ),
        max_size=20,
    ),
)
def test_nothing_typed_is_a_fault(seed: int, lines: list[str]) -> None:
    """Any lines on any program: an answer that is JSON, or one sentence, having changed nothing."""
    session = session_of(MacroWriter(seed).program(), ("a",))
    for line in lines:
        before = session.position, session.level, session.breakpoints
        in_full(line)
        reply = None
        with suppress(CommandError):
            reply = execute(session, line)
        if reply:
            json.dumps(reply_value(session, in_full(line), reply.stop, reply.result))
        else:
            assert (session.position, session.level, session.breakpoints) == before
    session.close()
