"""What closes itself, what is stepped over, how lines begin: by value, and by keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from textual import events

from tests.tui.driving import ide, settled
from tests.tui.test_completing import typed as offered
from tests.tui.test_editor import burst
from tests.tui.test_lines import read, written
from watstep_tui.text.document import LineDocument
from watstep_tui.text.electric import Pair, Typing, kept_pairs, struck
from watstep_tui.text.lines import Selected
from watstep_tui.text.marks import Change, Place

NAMED = {"⏎": "enter", "⌫": "backspace"}
MOVES = {"←": (0, -1), "→": (0, 1), "↓": (1, 0), "↑": (-1, 0)}


class Typist:
    """A text under the keys, as the editor has it: pairs last while the cursor is in them."""

    def __init__(self, text: str, selected: Selected, closes: bool = True) -> None:
        """Begin with a text and what is selected in it."""
        self.pairs: list[Pair] = []
        self.document = LineDocument(text, self._follow)
        self.selected, self.closes = selected, closes

    def _follow(self, change: Change) -> None:
        self.pairs = kept_pairs(self.pairs, change)

    def press(self, key: str) -> None:
        """A letter, or one of the signs for keys without one."""
        start, end = sorted(self.selected)
        if key in MOVES:
            by = MOVES[key]
            self._select((end[0] + by[0], end[1] + by[1]), None)
            return
        typing = Typing(self.document, self.selected, self.pairs, self.closes)
        done = struck(typing, NAMED.get(key, key))
        if done is not None:
            self.document.replace_range(done.start, done.end, done.text)
            self.pairs += [done.pair] if done.pair else []
            self._select(done.selected[1], done.selected[0])
        elif key == "⌫":
            before = (end[0], end[1] - 1) if start == end else start
            self.document.replace_range(before, end, "")
            self._select(before, None)
        else:
            self._select(self.document.replace_range(start, end, key).end_location, None)

    def _select(self, cursor: Place, start: Place | None) -> None:
        self.selected = (cursor if start is None else start, cursor)
        self.pairs = [pair for pair in self.pairs if pair[0] < cursor <= pair[1]]

    @property
    def shown(self) -> str:
        """The text with its cursor."""
        return written(self.document.lines, self.selected)


def typed(marked: str, keys: str, closes: bool = True) -> str:
    """A marked text after keys."""
    lines, selected = read(marked)
    typist = Typist("\n".join(lines), selected, closes)
    for key in keys:
        typist.press(key)
    return typist.shown


KEYS: list[tuple[str, str, str]] = [
    # Opening.
    ("|", "(", "(|)"),
    ("|", "((", "((|))"),
    ("|", '"', '"|"'),
    ("(resv $p |)", '"', '(resv $p "|")'),
    ("| (a)", "(", "(|) (a)"),
    ("|;; note", "(", "(|);; note"),
    ("a| b", "(", "a(|) b"),
    ("(a|)", "(", "(a(|))"),
    # Not before a word, an opening parenthesis or a text.
    ("|word", "(", "(|word"),
    ("|(a)", "(", "(|(a)"),
    ('|"a"', "(", '(|"a"'),
    ("|$x", "(", "(|$x"),
    ("|word", '"', '"|word'),
    ("|(a)", '"', '"|(a)'),
    # Not where what it would close is there already.
    ("| a)", "(", "(| a)"),
    ("(| a))", "(", "((| a))"),
    ("|)", "(", "(|)"),
    ('| a"', '"', '"| a"'),
    ('(data "a" | b")', '"', '(data "a" "| b")'),
    ("(block\n  |)", "(", "(block\n  (|))"),
    ("(block\n  |))", "(", "(block\n  (|))"),
    # Not in texts and comments.
    ('"|"', "(", '"(|"'),
    ('"a |', "(", '"a (|'),
    (";; a |", "(", ";; a (|"),
    (";; a |", '"', ';; a "|'),
    ("(; a | ;)", "(", "(; a (| ;)"),
    ("(;\n|\n;)", '"', '(;\n"|\n;)'),
    ('"""a\n|\n"""', "(", '"""a\n(|\n"""'),
    # Quotes behind a word or a quote; texts of several lines.
    ("a|", '"', 'a"|'),
    ("$|", '"', '$"|"'),
    ("|", '""', '""|'),
    ("|", '"""', '"""|'),
    ("|", '"""a"""', '"""a"""|'),
    ("(resv $p |)", '"""a"""', '(resv $p """a"""|)'),
    # Stepping over.
    ("|", "()", "()|"),
    ("|", "(a (b))", "(a (b))|"),
    ("|", '(a "b")', '(a "b")|'),
    ("|", '"a\\"b"', '"a\\"b"|'),
    ("|", '"a\\\\"', '"a\\\\"|'),
    ("|", '")"', '")"|'),
    ("(a|)", ")", "(a)|"),
    ("(a (b|)", ")", "(a (b)|)"),
    ("(a (b|)", "))", "(a (b))|"),
    ('(a "b|")', '"', '(a "b"|)'),
    ('(a "b\\|"', '"', '(a "b\\"|"'),
    ("(a ;; |)", ")", "(a ;; )|)"),
    ("|", "(←(→)", "(()|)"),
    ("|", "(a →)", "(a ))|"),
    # Comments in what closed itself.
    ("|", "(; a ;)", "(; a ;)|"),
    ("|", "((; a ;) b)", "((; a ;) b)|"),
    ("|", "(a ;; (b⏎)", "(a ;; (b\n)|"),
    # Around a selection.
    ("[a b]", "(", "([a b])"),
    ("[a b]", '"', '"[a b]"'),
    ("[a\nb] c", "(", "([a\nb]) c"),
    ('[a "b"]', '"', '"|'),
    ('"[a]"', "(", '"(|"'),
    ("[a b]", ")", ")|"),
    # Backspace.
    ("(|)", "⌫", "|"),
    ("((|)", "⌫", "(|)"),
    ("((|))", "⌫", "(|)"),
    ('"|"', "⌫", "|"),
    ('""|"', "⌫", '"|"'),
    ("( |)", "⌫", "(|)"),
    (";; (|)", "⌫", ";; |)"),
    ('"(|)"', "⌫", '"|)"'),
    ("|", "((⌫⌫", "|"),
    ("|", '(a "⌫', "(a |)"),
    # Enter.
    ("a|", "⏎", "a\n|"),
    ("  a|", "⏎", "  a\n  |"),
    ("(a (b)|", "⏎", "(a (b)\n  |"),
    ("  (a (b|", "⏎", "  (a (b\n      |"),
    ("(a|)", "⏎", "(a\n  |)"),
    ("(block|)", "⏎", "(block\n  |\n)"),
    ("  (func $f (param $x i32)|)", "⏎", "  (func $f (param $x i32)\n    |\n  )"),
    ("(if (a)| (b))", "⏎", "(if (a)\n  |(b))"),
    ("(then (a)| )", "⏎", "(then (a)\n  |\n)"),
    ("(blocks|)", "⏎", "(blocks\n  |)"),
    ("(module (func|))", "⏎", "(module (func\n    |\n  ))"),
    ("(a\n  (b\n    (c)))|", "⏎", "(a\n  (b\n    (c)))\n|"),
    ("(a\n  (b\n    (c))|", "⏎", "(a\n  (b\n    (c))\n  |"),
    ("  |a", "⏎", "\n  |a"),
    ("|  a", "⏎", "\n|  a"),
    (";; (a|", "⏎", ";; (a\n|"),
    ('(a "(|', "⏎", '(a "(\n|'),
    ('  """(|', "⏎", '  """(\n  |'),
    ("[a (b]) c", "⏎", "\n|) c"),
    # A closing parenthesis that begins a line.
    ("(a\n    (b)\n    |", ")", "(a\n    (b)\n)|"),
    ("  (a (b\n|", "))", "  (a (b\n    ))|"),
    ("  |", ")", "  )|"),
    ("|", "(block⏎(nop)⏎)", "(block\n  (nop)\n)|"),
    ("|", "(block⏎(nop))", "(block\n  (nop))|"),
    ("|", "(i32.add⏎(a)⏎(b))", "(i32.add\n  (a)\n  (b))|"),
    ("|", "(i32.add⏎(a)⏎)", "(i32.add\n  (a)\n)|"),
    ("|", "(module⏎(func $f⏎(nop)⏎)⏎)", "(module\n  (func $f\n    (nop)\n  )\n)|"),
    ("|", "(func⏎⏎(nop)⏎⏎)", "(func\n\n  (nop)\n\n)|"),
]


@pytest.mark.parametrize(("marked", "keys", "after"), KEYS)
def test_keys(marked: str, keys: str, after: str) -> None:
    """A text with `|` at the cursor or `[` and `]` around what is selected, before and after."""
    assert typed(marked, keys) == after


PLAIN: list[tuple[str, str, str]] = [
    ("|", "(", "(|"),
    ("|", '"', '"|'),
    ("[a]", "(", "(|"),
    ("(a|)", ")", "(a)|)"),
    ("(|)", "⌫", "|)"),
    ("(a\n  |", ")", "(a\n)|"),
    ("(block|)", "⏎", "(block\n  |\n)"),
]


@pytest.mark.parametrize(("marked", "keys", "after"), PLAIN)
def test_switched_off(marked: str, keys: str, after: str) -> None:
    """Nothing closes itself; lines begin where they should."""
    assert typed(marked, keys, closes=False) == after


PIECES = st.sampled_from(
    ["a", "$x", "i32.add", " ", "  ", '"s"', '"\\""', '")("', '"\\\\"', '""', '"""t "q" (\n"""',
     "(; c ;)", "(; ) (; \" ;) ;)", ";; ( \"\n", "\n", "\n\n", '$"n ("', "é", "漢"]
)  # fmt: skip
FORMS = st.recursive(
    PIECES,
    # Apart, for two strings side by side may read as one of three quotes.
    lambda inner: st.lists(inner, max_size=4).map(" ".join).map(lambda text: f"({text})"),
    max_leaves=12,
)
BALANCED = st.lists(FORMS, max_size=5).map(" ".join)


@given(text=BALANCED)
def test_any_balanced_text_is_typed_as_it_is(text: str) -> None:
    """Letter by letter, at the end of what was typed: but for the blanks that lines begin with."""
    typist = Typist("", ((0, 0), (0, 0)))
    for letter in text:
        typist.press("⏎" if letter == "\n" else letter)
    found, meant = (
        [line.strip() for line in one.split("\n")] for one in (typist.document.text, text)
    )
    assert found == meant
    if "\n" not in text:
        assert typist.document.text == text
    assert typist.selected[1] == typist.document.end


@given(text=BALANCED, before=BALANCED, behind=BALANCED)
def test_between_other_forms_too(text: str, before: str, behind: str) -> None:
    """What stands there already stays as it is."""
    text, before, behind = (one.replace("\n", "") for one in (text, before, behind))
    # A comment to the line's end would have taken what stands behind it.
    assume(";;" not in text + before)
    head = f"(block {before} "
    typist = Typist(f"{head} {behind})", ((0, len(head)), (0, len(head))))
    for letter in text:
        typist.press(letter)
    assert typist.document.text == f"{head}{text} {behind})"


async def test_the_keys_in_the_editor(tmp_path: Path) -> None:
    """As fast as can be: the text is what was typed, in its order; a program typed so runs."""
    async with ide(tmp_path / "a.wat", "") as desk:
        burst(desk.app, *"(i32.add (i32.const 1) (i32.const 2))")
        await settled(desk.pilot)
        assert desk.ide.editor.text == "(i32.add (i32.const 1) (i32.const 2))"
        assert desk.ide.code.fresh is not None
        assert not desk.ide.code.fresh.diagnostics
        burst(desk.app, "enter", *"(block", "enter", *'(call $dbg.log "a")', "enter", *")x")
        await settled(desk.pilot)
        lines = desk.ide.editor.document.lines
        assert lines[1:] == ["(block", '  (call $dbg.log "a")', ")x"]


async def test_a_pair_and_what_is_typed_into_it_are_one_step(tmp_path: Path) -> None:
    """So are a broken line with its closing parenthesis, a wrapped selection, and a pair's end."""
    async with ide(tmp_path / "a.wat", "one\r\n") as desk:
        editor = desk.ide.editor
        burst(desk.app, "ctrl+end", *"(nop)")
        await settled(desk.pilot)
        assert editor.text == "one\r\n(nop)"
        await desk.press("ctrl+z")
        assert editor.text == "one\r\n"
        await desk.press("ctrl+y")
        assert editor.text == "one\r\n(nop)"
        burst(desk.app, "ctrl+home", "shift+end", "(")
        await settled(desk.pilot)
        assert editor.text == "(one)\r\n(nop)"
        assert editor.selected_text == "one"
        await desk.press("ctrl+z")
        assert editor.text == "one\r\n(nop)"
        burst(desk.app, "ctrl+end", *" (block", "enter")
        await settled(desk.pilot)
        assert editor.text == "one\r\n(nop) (block\r\n  \r\n)"
        assert editor.selection.end == (2, 2)
        await desk.press("ctrl+z")
        assert editor.text == "one\r\n(nop) (block)"
        await desk.press("ctrl+z")
        assert editor.text == "one\r\n(nop) "
        burst(desk.app, "(", "backspace")
        await settled(desk.pilot)
        assert editor.text == "one\r\n(nop) "


async def test_a_paste_closes_nothing(tmp_path: Path) -> None:
    """Neither by the terminal nor from the clipboard."""
    async with ide(tmp_path / "a.wat", "(") as desk:
        await desk.press("shift+right", "ctrl+c", "ctrl+v")
        desk.app.post_message(events.Paste('("'))
        await settled(desk.pilot)
        assert desk.ide.editor.text == '(("'


async def test_the_setting(tmp_path: Path) -> None:
    """`auto_close = false`, and a parenthesis is one."""
    async with ide(tmp_path / "a.wat", "") as desk:
        desk.ide.take_preferences(replace(desk.app.chosen.preferences, auto_close=False))
        await desk.type('("')
        assert desk.ide.editor.text == '("'


COMPLETED: list[tuple[str, tuple[str, ...], str]] = [
    ("(chec", ("tab",), "(check $error)"),
    ("(local.get $su", ("tab", ")"), "(local.get $sum)"),
    ("(argv", ("tab", "1", "tab", "$", "q", "tab", "x"), "(argv 1 $q)x"),
    ("(drop (local.g", ("tab", "escape", "$", ")", ")"), "(drop (local.get $))"),
    ("(bloc", ("down", "tab", "(", "y", "tab", "("), "(block $done\n  (loop $again\n    "
     "(br_if $done (y))\n    ()\n    (br $again)\n  )\n)"),
]  # fmt: skip


@pytest.mark.parametrize(("letters", "keys", "text"), COMPLETED)
async def test_completion(letters: str, keys: tuple[str, ...], text: str, tmp_path: Path) -> None:
    """A form that is taken has one closing parenthesis; a place to fill in is typed over."""
    head = "(local $sum i32)\n"
    async with ide(tmp_path / "a.wat", head) as desk:
        await offered(desk, letters)
        for key in keys:
            await desk.press(key)
        assert desk.ide.editor.text == head + text
