"""One function body: its macros, strings, locals and host calls, as edits."""

from __future__ import annotations

import re

from pygments.token import Name, Number, String

from watstep.expand.arguments import fits, problems, written_name
from watstep.expand.layout import Edit, Layout, Siblings
from watstep.expand.macros import INNER, MACROS, Macro, Parameter
from watstep.expand.pieces import Copied, Generated, Origin, Part, Pass, Replacement
from watstep.expand.scope import Declaration, Scope
from watstep.expand.strings import StringPool
from watstep.source.diagnostic import Diagnostic, Fix, Severity
from watstep.source.diagnostic import Edit as TextEdit
from watstep.source.text import Span
from watstep.syntax.literals import decode_string, suffixed
from watstep.syntax.tree import Atom, Form, Item

DEEPEST_OPERANDS = 50
"""How deep macros may stand inside the operands of macros."""

_GENERATED_CALL = re.compile(r"\(call (\$[^\s()]+)")
_SKIPPED = frozenset(("param", "result", "type", "export", "import"))
_LOCAL_USES = frozenset(("local.get", "local.set", "local.tee"))
_REFERS = frozenset((*_LOCAL_USES, "call", *MACROS))


class Facts:
    """What the whole program's bodies need from outside."""

    def __init__(self, pool: StringPool, diagnostics: list[Diagnostic]) -> None:
        """Place strings in `pool`, report to `diagnostics`."""
        self.pool = pool
        self.diagnostics = diagnostics
        self.calls: dict[str, Span] = {}
        """Called functions by name, in order of first call."""
        self.again: dict[str, list[Span]] = {}
        """Where they are called but for the first time."""
        self.numbers: list[Atom] = []
        """The functions that are called by number."""
        self.first_string: Span | None = None

    def call(self, name: str, span: Span) -> None:
        """Take up a call of a function by its name."""
        if name in self.calls:
            self.again.setdefault(name, []).append(span)
        else:
            self.calls[name] = span

    def report(self, code: str, span: Span, message: str, *fixes: Fix) -> None:
        """Add an error."""
        self.diagnostics.append(Diagnostic(code, Severity.ERROR, span, message, fixes=fixes))


class BodyExpander:
    """Walks the items of one function and collects the edits that expand it."""

    def __init__(self, facts: Facts, layout: Layout, results: int | None) -> None:
        """`results` is how many the function returns, None where that is not known."""
        self.facts = facts
        self.layout = layout
        self.results = results
        self.scope = Scope(facts.diagnostics)
        self.edits: list[Edit] = []
        self.top = 0
        """The offset at which the function's locals are declared."""
        self._depth = 0

    def walk(self, items: list[Item], origin: Origin | None = None) -> None:
        """Expand items that stand in a list of instructions, and everything in them."""
        pending: list[tuple[list[Item], int, Siblings | None]] = [(items, 0, None)]
        while pending:
            items, index, siblings = pending.pop()
            while index < len(items):
                item = items[index]
                index += 1
                if type(item) is Atom:
                    if item.text in _REFERS:
                        self._reference(items, index)
                    elif item.kind is String:
                        self.edits.append(Edit(item.span, self._string(item, origin)))
                    continue
                assert isinstance(item, Form)
                head = item.head
                if head == "local":
                    siblings = siblings or self._siblings(items)
                    self._local(item, siblings)
                elif head in MACROS:
                    self.edits.append(Edit(item.span, self._macro(item, origin)))
                elif head not in _SKIPPED:
                    pending.append((items, index, siblings))
                    items, index, siblings = item.items, 0, None

    def _siblings(self, items: list[Item]) -> Siblings:
        spans = [item.span for item in items if type(item) is Form and item.head == "local"]
        return Siblings(self.layout.source, spans)

    def _reference(self, items: list[Item], index: int) -> None:
        """Take up `call $f` and `local.get $x`, folded or flat; `index` is after the word."""
        keyword = items[index - 1]
        assert type(keyword) is Atom
        word = keyword.text
        # A declaration between a word and its name moves away, and the name follows the word.
        while index < len(items) and _declares(items[index]):
            index += 1
        if word in _LOCAL_USES:
            target = items[index] if index < len(items) else keyword
            if type(target) is Atom and target.kind is Name.Variable:
                self.scope.mention(target.text, target.span)
        elif word == "call" and index < len(items):
            target = items[index]
            if type(target) is not Atom:
                return
            if target.kind is Name.Variable:
                self.facts.call(target.text, target.span)
            elif target.kind is Number:
                self.facts.numbers.append(target)
        elif word in MACROS:
            self._flat_macro(MACROS[word], items[index - 1 :])

    def _flat_macro(self, macro: Macro, words: list[Item]) -> None:
        """A macro written as a flat instruction: it is folded only (LANGUAGE.md 3)."""
        last = words[0]
        for item, parameter in zip(words[1:], macro.parameters, strict=False):
            if not fits(item, parameter):
                break
            last = item
        span = Span(words[0].start, last.end)
        before, after = Span(span.start, span.start), Span(span.end, span.end)
        self.facts.report(
            "flat-macro",
            span,
            f"`{macro.name}` is a macro, and a macro is folded: `{macro.usage}`",
            Fix("put it in parentheses", (TextEdit(before, "("), TextEdit(after, ")"))),
        )
        self._declare_meant(macro, _as_form(words[: words.index(last) + 1]))

    def _string(self, atom: Atom, parent: Origin | None) -> Replacement:
        origin = Origin(atom.span, "string", parent)
        closed = (Copied(atom.span),)
        content = decode_string(atom.text)
        if self.facts.first_string is None:
            self.facts.first_string = atom.span
        if content is None:
            return Replacement(Pass.STRINGS, origin, closed, closed)
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            self.facts.report(
                "not-utf8",
                atom.span,
                f"this text is not UTF-8 at byte {error.start}: only `data` may hold raw bytes",
            )
        address = self.facts.pool.address(content, Origin(atom.span, "data", parent))
        made = Generated(f"(i32.const {address})", origin)
        return Replacement(Pass.STRINGS, origin, closed, (made,))

    def _local(self, form: Form, siblings: Siblings) -> None:
        match form.items:
            case [_, Atom(text=name, kind=kind), Atom(text=value_type)] if kind is Name.Variable:
                origin = Origin(form.span, "local")
                declared = Declaration(value_type, form.span)
                self.scope.declare(name, declared, origin, hoist=True)
                span = self.layout.whole_line(form.span, siblings)
                # Where it stays, its line is indented like the others of a wrapped body.
                lead = self.layout.indent if self.layout.begins_line(span.start) else ()
                part = Replacement(Pass.LOCALS, origin, (*lead, Copied(span)), ())
                self.edits.append(Edit(span, part, removes=True))
            case _:
                self._odd_local(form)

    def _odd_local(self, form: Form) -> None:
        """A local without a name, which stands only at the top, or one with too many words."""
        words = [item.text for item in form.items[1:] if type(item) is Atom]
        names = [word for word in words if word.startswith("$")]
        if not names:
            text = self.layout.source.text[form.start : form.end]
            move = (TextEdit(Span(self.top, self.top), f" {text} "), TextEdit(form.span, ""))
            self.facts.report(
                "unnamed-local",
                form.span,
                "a local without a name stands at the top of its function; elsewhere give it one: "
                "`(local $name i32)`",
                Fix("move it to the top", move),
            )
            return
        types = [word for word in words if word not in names]
        text = " ".join(f"(local {name} {(types or ['i32'])[0]})" for name in names)
        message = "a named local has one type, and each its own form: `(local $name i32)`"
        fix = Fix(f"write `{text}`", (TextEdit(form.span, text),))
        self.facts.report("bad-local", form.span, message, fix)
        for name in names:
            declared = Declaration("i32", form.span)
            self.scope.declare(name, declared, Origin(form.span, "local"), hoist=True)

    def _macro(self, form: Form, parent: Origin | None) -> Part:
        macro = MACROS[form.head]
        origin = Origin(parent.span if parent else form.span, macro.name, parent)
        arguments = form.items[1:]
        if not self._arguments_fit(macro, form):
            return Copied(form.span)
        # Before the operand's, as where the call is written out.
        for call in _GENERATED_CALL.finditer(macro.template):
            self.facts.calls.setdefault(call[1], form.span)
        operand: tuple[Part, ...] = ()
        words: list[str] = []
        for item, parameter in zip(arguments, macro.parameters, strict=True):
            if parameter is Parameter.OPERAND:
                operand = self._operand(item, origin)
                words.append("{operand}")
            else:
                assert type(item) is Atom
                words.append(item.text)
        for index in macro.reads:
            item = arguments[index]
            if type(item) is Atom and item.kind is Name.Variable:
                self.scope.mention(item.text, item.span)
        opened = self._instantiate(macro, words, origin, form, operand)
        return Replacement(Pass.MACROS, origin, self._as_written(form.span), opened)

    def _as_written(self, span: Span) -> tuple[Part, ...]:
        """A macro call that stays, its lines indented; in a text of several they would be in it."""
        text = self.layout.source.text
        second = text.find("\n", *span) + 1
        if not second or text.find('"""', *span) >= 0:
            return (Copied(span),)
        return (Copied(Span(span.start, second)), *self.layout.copied(second, span.end))

    def _operand(self, item: Item, origin: Origin) -> tuple[Part, ...]:
        if type(item) is Atom and item.kind is String:
            return (self._string(item, origin),)
        if type(item) is Atom:
            return (Generated(f"(local.get {item.text})", origin),)
        self._depth += 1
        if self._depth > DEEPEST_OPERANDS:
            self.facts.report("too-deep", item.span, "macros are nested too deep in one another")
            self._depth -= 1
            return (Copied(item.span),)
        outer, self.edits = self.edits, []
        self.walk([item], None)
        parts = self.layout.stitch(item.span, self.edits)
        self.edits = outer
        self._depth -= 1
        return parts

    def _arguments_fit(self, macro: Macro, form: Form) -> bool:
        found = problems(macro, form)
        if found:
            self.facts.diagnostics += found
            self._declare_meant(macro, form)
            return False
        if "(check " in macro.template or "{status}" in macro.template:
            return self._can_return_error(form)
        return True

    def _declare_meant(self, macro: Macro, form: Form) -> None:
        """Declare what a call with a wrong argument was to declare, so that one error is one."""
        name = next(filter(None, map(written_name, form.items[1:])), None)
        for suffix in macro.declares if name else ():
            declared = Declaration("i32", form.span)
            origin = Origin(form.span, "local")
            self.scope.declare(suffixed(name or "", suffix), declared, origin, hoist=True)

    def _can_return_error(self, form: Form) -> bool:
        if self.results in {1, 2, None}:
            return True
        count = "nothing" if self.results == 0 else f"{self.results} values"
        self.facts.report(
            "check-result",
            form.span,
            f"`{form.head}` returns the error code, so it needs a function that returns i32 or "
            f"(i32 i32); this one returns {count}",
        )
        return False

    def _instantiate(
        self,
        macro: Macro,
        words: list[str],
        origin: Origin,
        form: Form,
        operand: tuple[Part, ...] = (),
    ) -> tuple[Part, ...]:
        """The parts of a macro's template with its arguments put in."""
        status = "(i32.const 0) " if self.results == 2 else ""
        text = macro.template.replace("{status}", status)
        for index, word in enumerate(words):
            text = text.replace(f"{{{index}}}.err", suffixed(word, ".err"))
            text = text.replace(f"{{{index}}}", word)
        parts: list[Part] = []
        at, swallow = 0, False
        for match in INNER.finditer(text):
            if match.start() > at:
                parts.append(Generated(text[at : match.start()], origin))
                swallow = False
            at = match.end()
            head = match["head"]
            if match[0] == "\n":
                line_break = self.layout.line_break(form.start, origin)
                if swallow:
                    line_break = (Replacement(Pass.LOCALS, origin, line_break, ()),)
                    swallow = False
                parts.extend(line_break)
            elif match[0] == "{operand}":
                parts.extend(operand)
            elif head == "local":
                parts.append(self._declare_generated(match[0], match["arguments"], origin, form))
                swallow = True
            else:
                inner_origin = Origin(origin.span, head, origin)
                inner_words = match["arguments"].split()
                opened = self._instantiate(MACROS[head], inner_words, inner_origin, form)
                closed = (Generated(match[0], origin),)
                parts.append(Replacement(Pass.MACROS, inner_origin, closed, opened))
        if at < len(text):
            parts.append(Generated(text[at:], origin))
        return tuple(parts)

    def _declare_generated(self, text: str, arguments: str, origin: Origin, form: Form) -> Part:
        name, value_type = arguments.split()
        place = form.items[2].span if len(form.items) > 2 else form.span
        declared = Declaration(value_type, place, written=False)
        local_origin = Origin(origin.span, "local", origin)
        self.scope.declare(name, declared, local_origin, hoist=True)
        return Replacement(Pass.LOCALS, local_origin, (Generated(text, origin),), ())


def _as_form(items: list[Item]) -> Form:
    """Flat items as the folded form that they were to be."""
    form = Form(items[0].start)
    form.items, form.end = items, items[-1].end
    return form


def _declares(item: Item) -> bool:
    return type(item) is Form and item.head == "local"
