"""The binder: one walk over a text's tree that finds its names, each in its scope."""

from __future__ import annotations

from pygments.token import Keyword, Name, Number, String

from watstep.editing.symbols import DEFINES, Kind, Occurrence, Role, Symbol, Symbols
from watstep.expand.fields import FIELDS, is_import
from watstep.expand.macros import MACROS
from watstep.expand.mended import Mended
from watstep.module.forms import identifier
from watstep.source.text import Source, Span
from watstep.syntax.literals import decode_index, decode_string, suffixed
from watstep.syntax.parser import parse
from watstep.syntax.tree import Atom, Form, Item, Tree
from watstep.wasm.instructions import STRUCTURED

_WORDS: dict[str, tuple[Kind, Role]] = {
    "local.get": (Kind.LOCAL, Role.READS),
    "local.set": (Kind.LOCAL, Role.WRITES),
    "local.tee": (Kind.LOCAL, Role.WRITES),
    "call": (Kind.FUNCTION, Role.CALLS),
    "return_call": (Kind.FUNCTION, Role.CALLS),
    "ref.func": (Kind.FUNCTION, Role.NAMES),
    "func": (Kind.FUNCTION, Role.NAMES),
    "start": (Kind.FUNCTION, Role.NAMES),
    "elem": (Kind.FUNCTION, Role.NAMES),
    "br": (Kind.LABEL, Role.JUMPS),
    "br_if": (Kind.LABEL, Role.JUMPS),
    "br_table": (Kind.LABEL, Role.JUMPS),
    "type": (Kind.TYPE, Role.NAMES),
    "memory": (Kind.MEMORY, Role.NAMES),
    "table": (Kind.TABLE, Role.NAMES),
    "call_indirect": (Kind.TABLE, Role.NAMES),
    "global": (Kind.GLOBAL, Role.NAMES),
    "global.get": (Kind.GLOBAL, Role.READS),
    "global.set": (Kind.GLOBAL, Role.WRITES),
    "memory.init": (Kind.SEGMENT, Role.NAMES),
    "data.drop": (Kind.SEGMENT, Role.NAMES),
    "elem.drop": (Kind.SEGMENT, Role.NAMES),
}
"""What the name after a word names, and what the word does with it."""
_LISTS = frozenset(("br_table", "elem", "func"))
"""Words after which several names stand."""
_FIELDS: dict[str, Kind] = {
    "func": Kind.FUNCTION,
    "type": Kind.TYPE,
    "memory": Kind.MEMORY,
    "table": Kind.TABLE,
    "global": Kind.GLOBAL,
    "elem": Kind.SEGMENT,
    "data": Kind.SEGMENT,
}
"""What the name after the head of a module's field is declared as."""


def symbols_of(source: Source) -> Symbols:
    """Every name of a text; a broken one is read as it was meant (LANGUAGE 1, 3, 5)."""
    tree = parse(source)
    if not tree.mends:
        return Binder(tree).run()
    mended = Mended(source, tree.mends)
    found = Binder(parse(mended.source)).run()
    return Symbols(
        source, tuple(_moved(each, mended) for each in found.symbols), wrapped=found.wrapped
    )


def _moved(symbol: Symbol, mended: Mended) -> Symbol:
    """A name of the mended text as one of the source."""
    places = (place._replace(span=mended.span(place.span)) for place in symbol.places)
    return symbol._replace(
        places=tuple(place for place in places if place.span.start < place.span.end),
        scope=mended.span(symbol.scope),
        extent=mended.span(symbol.extent),
    )


class _Named:
    """A symbol in the making."""

    def __init__(self, number: int, kind: Kind, name: str, scope: Span) -> None:
        self.number, self.kind, self.name = number, kind, name
        self.scope = scope
        self.extent = Span(0, 0)
        self.parent = -1
        self.places: list[Occurrence] = []
        self.detail = ""
        self.base = ""

    def add(self, atom: Atom, role: Role, *, written: bool = True) -> None:
        self.places.append(Occurrence(Span(atom.start, atom.end), role, written))

    def symbol(self) -> Symbol:
        places = tuple(sorted(self.places, key=lambda place: place.span))
        return Symbol(
            self.kind, self.name, places, self.scope, self.extent, self.detail, self.parent,
            self.base,
        )  # fmt: skip


class _List:
    """A list of items that is being walked over."""

    __slots__ = ("branches", "end", "floor", "height", "index", "items", "label", "left", "word")

    def __init__(self, items: list[Item], index: int, end: int, height: int) -> None:
        self.items, self.index, self.end = items, index, end
        self.height = height
        """How many labels are in force around it."""
        self.floor = height
        """How many are in force where it begins: `end` closes those after them."""
        self.label: _Named | None = None
        """The label of an `if`, which is in force in its branches."""
        self.branches = False
        """Whether it is an `if`."""
        self.word = ""
        self.left = 0
        """How many names may follow the word."""


class _Function:
    """What is known of the function whose body is walked over."""

    def __init__(self, number: int, scope: Span) -> None:
        self.number, self.scope = number, scope
        self.locals: dict[str, _Named] = {}
        self.order: list[_Named | None] = []
        """By index; None for one without a name."""
        self.numbers: list[tuple[Atom, Role]] = []
        """Locals that are given by number."""
        self.labels: list[_Named | None] = []
        self.lost: dict[str, _Named] = {}
        """Labels that are in force nowhere."""


class Binder:
    """Binds each name of a tree to the symbol that it means there."""

    def __init__(self, tree: Tree) -> None:
        """Nothing is known yet."""
        self.source = tree.source
        self.whole = Span(0, len(tree.source.text))
        self.named: list[_Named] = []
        self._of_module: dict[tuple[Kind, str], _Named] = {}
        self._texts: dict[bytes, _Named] = {}
        self._functions: list[_Named | None] = []
        self._numbers: list[tuple[Atom, Role]] = []
        self._function = _Function(-1, self.whole)
        forms = [item for item in tree.items if type(item) is Form]
        self.wrapped = not (forms and forms[0].head == "module")
        self.items = list(tree.items) if self.wrapped else forms[0].items[1:]

    def run(self) -> Symbols:
        """Walk over everything."""
        fields = [item for item in self.items if type(item) is Form and item.head in FIELDS]
        if self.wrapped:
            body = [i for i in self.items if type(i) is not Form or i.head not in FIELDS]
            run = self._symbol(Kind.FUNCTION, "$run")
            run.detail = "the program"
            if body:
                run.extent = Span(body[0].start, body[-1].end)
            self._body(body, run, self.whole)
        # In the order in which functions are numbered.
        for field in sorted(fields, key=lambda field: not is_import(field)):
            self._field(field)
        for atom, role in self._numbers:
            _take_number(atom, role, self._functions)
        found = tuple(each.symbol() for each in self.named)
        return Symbols(self.source, found, wrapped=self.wrapped)

    def _new(self, kind: Kind, name: str, scope: Span, extent: Span, parent: int) -> _Named:
        made = _Named(len(self.named), kind, name, scope)
        made.extent, made.parent = extent, parent
        self.named.append(made)
        return made

    def _symbol(self, kind: Kind, name: str) -> _Named:
        """The symbol of a name that is in force in the whole text."""
        known = self._of_module.get((kind, name))
        if known is None:
            known = self._new(kind, name, self.whole, Span(0, 0), -1)
            self._of_module[kind, name] = known
        return known

    # Fields of the module.

    def _field(self, form: Form) -> None:
        kind = _FIELDS.get(form.head)
        named = self._declared(kind, form, form) if kind else None
        if form.head == "func":
            self._functions.append(named)
            rest = form.items[2 if named else 1 :]
            self._body(rest, named or self._nameless(form), form.span)
            return
        if form.head == "import":
            self._import(form)
        elif form.head == "export":
            self._export(form)
        inner = [item for item in form.items[1:] if type(item) is Form]
        if form.head in {"start", "elem"}:
            self._body(form.items[:1] + form.items[2 if named else 1 :], None, form.span)
        elif form.head != "import":
            # The parameters of a type are in a scope of their own.
            self._body(list(inner), None, form.span)

    def _declared(self, kind: Kind, form: Form, extent: Form) -> _Named | None:
        name = identifier(form, 1)
        if name is None:
            return None
        named = self._symbol(kind, name)
        if not any(place.role is Role.DECLARES for place in named.places):
            named.extent = extent.span
            named.detail = _signature(form) if kind in {Kind.FUNCTION, Kind.TYPE} else ""
        atom = form.items[1]
        assert type(atom) is Atom
        named.add(atom, Role.DECLARES)
        return named

    def _nameless(self, form: Form) -> _Named:
        named = self._new(Kind.FUNCTION, "", form.span, form.span, -1)
        named.detail = _signature(form)
        return named

    def _import(self, form: Form) -> None:
        inner = form.items[-1] if form.items else None
        if type(inner) is not Form:
            return
        kind = _FIELDS.get(inner.head)
        named = self._declared(kind, inner, form) if kind else None
        if named is not None:
            texts = [i.text for i in form.items if type(i) is Atom and i.kind is String]
            named.detail = f"import {' '.join(texts)}  {_signature(inner)}".rstrip()
        if inner.head == "func":
            self._functions.append(named)
        self._body(inner.items[2 if named else 1 :], None, inner.span)

    def _export(self, form: Form) -> None:
        atom = form.items[1] if len(form.items) > 1 else None
        if type(atom) is Atom and atom.kind is String:
            named = self._symbol(Kind.EXPORT, atom.text)
            named.extent = form.span
            named.add(atom, Role.DECLARES)

    # Bodies.

    def _body(self, items: list[Item], owner: _Named | None, scope: Span) -> None:
        """Walk over a function's items, header included, or over those of another field."""
        self._function = here = _Function(owner.number if owner else -1, scope)
        pending = [_List(items, 0, scope.end, 0)]
        while pending:
            found = pending[-1]
            if found.index >= len(found.items):
                pending.pop()
                self._close_labels(found.height, found.end)
                continue
            item = found.items[found.index]
            found.index += 1
            if type(item) is Atom:
                self._atom(found, item, top=len(pending) == 1)
                continue
            assert type(item) is Form
            inner = self._form(found, item, top=len(pending) == 1)
            if inner is not None:
                pending.append(inner)
        for atom, role in here.numbers:
            _take_number(atom, role, here.order)

    def _close_labels(self, height: int, end: int) -> None:
        for label in self._function.labels[height:]:
            if label is not None:
                label.scope = Span(label.scope.start, end)
        del self._function.labels[height:]

    def _atom(self, found: _List, atom: Atom, *, top: bool) -> None:
        if atom.kind is Keyword:
            if found.index > 1 or top:
                self._flat_word(found, atom)
            found.word = atom.text
            found.left = 0
            if atom.text in _WORDS:
                found.left = len(found.items) if atom.text in _LISTS else 1
        elif atom.kind is Name.Variable:
            kind, role = _WORDS.get(found.word, (Kind.LOCAL, Role.READS))
            if not found.left:
                # A name that stands bare is taken for its value.
                kind, role = Kind.LOCAL, Role.READS
            found.left -= found.left > 0
            self._refer(kind, role, atom)
        elif atom.kind is Number and found.left:
            found.left -= 1
            self._refer_by_number(*_WORDS[found.word], atom)
        elif atom.kind is String:
            self._text(atom)

    def _flat_word(self, found: _List, atom: Atom) -> None:
        """`block`, `else` and `end` where they stand without parentheses, with their labels."""
        following = found.items[found.index] if found.index < len(found.items) else None
        name = following if type(following) is Atom and following.kind is Name.Variable else None
        labels = self._function.labels
        if atom.text in STRUCTURED:
            labels.append(self._label(name, atom.start, atom.end) if name else None)
            found.index += name is not None
        elif atom.text in {"else", "end"} and len(labels) > found.floor:
            if name:
                self._refer(Kind.LABEL, Role.ENDS, name)
                found.index += 1
            if atom.text == "end":
                self._close_labels(len(labels) - 1, name.end if name else atom.end)

    def _form(self, found: _List, form: Form, *, top: bool) -> _List | None:
        """Take up a form; the list of what is in it where that is to be walked over."""
        head, height = form.head, len(self._function.labels)
        if head in {"local", "param"}:
            if head == "local" or top:
                self._declare_locals(form)
            return None
        if head in {"result", "import"}:
            return None
        if head == "export" and top:
            self._export(form)
            return None
        if head in MACROS:
            return self._macro(form)
        if head in STRUCTURED:
            return self._block(form)
        inner = _List(form.items, 0, form.end, height)
        if head in {"then", "else"} and found.branches:
            label = found.label
            if label is not None:
                label.scope = Span(min(label.scope.start, form.start), form.end)
            self._function.labels.append(label)
            inner.index, inner.floor = 1, height + 1
        return inner

    def _block(self, form: Form) -> _List:
        height = len(self._function.labels)
        inner = _List(form.items, 1, form.end, height)
        item = form.items[1] if len(form.items) > 1 else None
        label = None
        if type(item) is Atom and item.kind is Name.Variable:
            label = self._label(item, form.start, form.end)
            inner.index = 2
        if form.head == "if":
            # It is in force in the branches alone.
            inner.label, inner.branches = label, True
            if label is not None:
                label.scope = Span(form.end, form.end)
        else:
            self._function.labels.append(label)
            inner.floor = height + 1
        return inner

    def _label(self, atom: Atom, start: int, end: int) -> _Named:
        outer = [label for label in self._function.labels if label is not None]
        parent = outer[-1].number if outer else self._function.number
        named = self._new(Kind.LABEL, atom.text, Span(start, end), Span(start, end), parent)
        named.add(atom, Role.DECLARES)
        return named

    def _macro(self, form: Form) -> _List:
        """Take up what a macro declares and reads (LANGUAGE 3); its operands are walked over."""
        macro = MACROS[form.head]
        rest: list[Item] = []
        last: Atom | None = None
        for item in form.items[1:]:
            if type(item) is not Atom or item.kind is not Name.Variable:
                rest.append(item)
            elif macro.declares:
                last = item
            else:
                self._refer(Kind.LOCAL, Role.READS, item)
        if last is not None:
            for suffix in macro.declares:
                named = self._local(suffixed(last.text, suffix), form)
                if not named.detail:
                    named.detail = "i32"
                if suffix:
                    named.base = last.text
                self._declare(named)
                named.add(last, Role.MAKES, written=not suffix)
        return _List(rest, 0, form.end, len(self._function.labels))

    def _declare_locals(self, form: Form) -> None:
        """`(param $x i32)`, `(local $x i32)` and those without a name."""
        words = [item for item in form.items[1:] if type(item) is Atom]
        types = [word.text for word in words if word.kind is Keyword]
        names = [word for word in words if word.kind is Name.Variable]
        if not names:
            self._function.order += [None] * len(types)
        for atom in names:
            named = self._local(atom.text, form)
            if not any(place.role in DEFINES for place in named.places):
                named.kind = Kind.PARAMETER if form.head == "param" else Kind.LOCAL
                named.extent = form.span
            named.detail = named.detail or " ".join(types[:1])
            self._declare(named)
            named.add(atom, Role.DECLARES)

    def _local(self, name: str, form: Form | Atom) -> _Named:
        here = self._function
        known = here.locals.get(name)
        if known is None:
            known = self._new(Kind.LOCAL, name, here.scope, form.span, here.number)
            here.locals[name] = known
        return known

    def _declare(self, named: _Named) -> None:
        """Give a local the next index where it is declared for the first time."""
        if named not in self._function.order:
            self._function.order.append(named)

    def _refer(self, kind: Kind, role: Role, atom: Atom) -> None:
        if kind is Kind.LOCAL:
            self._local(atom.text, atom).add(atom, role)
        elif kind is Kind.LABEL:
            labels = reversed(self._function.labels)
            named = next((each for each in labels if each and each.name == atom.text), None)
            (named or self._lost_label(atom)).add(atom, role)
        else:
            self._symbol(kind, atom.text).add(atom, role)

    def _lost_label(self, atom: Atom) -> _Named:
        here = self._function
        known = here.lost.get(atom.text)
        if known is None:
            known = self._new(Kind.LABEL, atom.text, here.scope, atom.span, here.number)
            here.lost[atom.text] = known
        return known

    def _refer_by_number(self, kind: Kind, role: Role, atom: Atom) -> None:
        if kind is Kind.LOCAL:
            self._function.numbers.append((atom, role))
        elif kind is Kind.FUNCTION:
            self._numbers.append((atom, role))
        elif kind is Kind.LABEL:
            _take_number(atom, role, self._function.labels[::-1])

    def _text(self, atom: Atom) -> None:
        """Equal texts are one value (LANGUAGE 4)."""
        content = decode_string(atom.text)
        if content is None or self._function.number < 0:
            return
        known = self._texts.get(content)
        if known is None:
            known = self._new(Kind.TEXT, atom.text, self.whole, atom.span, -1)
            self._texts[content] = known
            known.add(atom, Role.DECLARES)
        else:
            known.add(atom, Role.READS)


def _take_number(atom: Atom, role: Role, order: list[_Named | None]) -> None:
    """Give what a number stands for its place there."""
    index = decode_index(atom.text)
    named = order[index] if index is not None and 0 <= index < len(order) else None
    if named is not None:
        named.add(atom, role, written=False)


def _signature(form: Form) -> str:
    """`(i32 i32) -> i32`, as far as the form itself says."""
    parts: dict[str, list[str]] = {"param": [], "result": []}
    pending = form.items[::-1]
    while pending:
        item = pending.pop()
        if type(item) is not Form:
            continue
        if item.head == "func":
            pending += item.items[::-1]
        elif item.head == "type":
            return f"type {' '.join(i.text for i in item.items[1:] if type(i) is Atom)}"
        elif item.head in parts:
            words = [i.text for i in item.items[1:] if type(i) is Atom and i.kind is Keyword]
            parts[item.head] += words
        elif item.head not in {"export", "import"}:
            break
    results = " ".join(parts["result"])
    return f"({' '.join(parts['param'])}) -> {results or '()'}"
