"""The tree of the expanded text to a module: fields collected, names resolved to indices."""

from __future__ import annotations

from dataclasses import dataclass, field

from pygments.token import Name, Number, String

from watstep.expand.fields import FIELDS
from watstep.expand.macros import MACROS
from watstep.module import hints
from watstep.module.body import BodyResolver, Names
from watstep.module.forms import constant, identifier, inline
from watstep.module.ir import Data, Export, Function, Import, Local, Module
from watstep.module.order import misplaced
from watstep.module.strangers import NOT_YET
from watstep.module.type_uses import TypeUses
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from watstep.source.text import Span, counted
from watstep.syntax.literals import decode_index, decode_string
from watstep.syntax.tree import Atom, Form, Item, Tree
from watstep.wasm.instructions import INSTRUCTIONS
from watstep.wasm.outside import NEAREST_FIELD
from watstep.wasm.types import PAGE_SIZE, FunctionType, HostInterface, Limits

_OTHER_MEMORIES = frozenset(("i64", "shared"))
_HIGHEST_PAGES = 65536


def resolve(
    tree: Tree, profile: str, interface: HostInterface
) -> tuple[Module | None, tuple[Diagnostic, ...]]:
    """Resolve a module; its spans and those of the diagnostics are in the tree's text.

    What the host offers is for messages alone: a module names all that it uses.
    """
    resolver = _Resolver(tree, profile, interface)
    module = resolver.run()
    return module, tuple(resolver.diagnostics)


@dataclass
class _Header:
    """What stands before the instructions of a `func` form."""

    type: FunctionType
    locals: list[Local]
    exports: list[tuple[str, Span]]
    imported: tuple[str, str] | None
    rest: int


@dataclass
class _Resolver:
    tree: Tree
    profile: str
    interface: HostInterface
    diagnostics: list[Diagnostic] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    exports: list[Export] = field(default_factory=list)
    exported: dict[str, Span] = field(default_factory=dict)
    data: list[Data] = field(default_factory=list)
    function_names: dict[str, int] = field(default_factory=dict)
    bodies: list[tuple[Form, _Header]] = field(default_factory=list)
    fields: list[Form] = field(default_factory=list)
    memory: tuple[Limits, Form] | None = None
    named: dict[str, Span] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    imported_count: int = 0

    def __post_init__(self) -> None:
        self.uses = TypeUses(self.profile, self.report, self._once)

    def run(self) -> Module | None:
        forms = [item for item in self.tree.items if type(item) is Form]
        if not forms or forms[0].head != "module":
            return None
        module = forms[0]
        for extra in self.tree.items:
            if extra is not module:
                message = "a file holds one module and nothing beside it"
                self.report("extra-module", extra.span, message, _away(extra.span))
        items = module.items[1:]
        name = None
        if items and type(items[0]) is Atom and items[0].kind is Name.Variable:
            name = items[0].text
            items = items[1:]
        self.fields = fields = [item for item in items if type(item) is Form]
        for item in items:
            if type(item) is Atom:
                self.report("unexpected", item.span, f"`{item.text}` is no field of a module")
        self._declare(fields)
        functions = [
            self._function(self.imported_count + number, form, header)
            for number, (form, header) in enumerate(self.bodies)
        ]
        start = self._late_fields(fields)
        return Module(
            name,
            tuple(self.uses.types),
            tuple(self.imports),
            tuple(functions),
            self.memory[0] if self.memory else None,
            tuple(sorted(self.data, key=lambda data: data.span)),
            tuple(sorted(self.exports, key=lambda export: export.span)),
            start,
        )

    def report(self, code: str, span: Span, message: str, *notes: Label | Fix) -> None:
        labels = tuple(note for note in notes if isinstance(note, Label))
        fixes = tuple(note for note in notes if isinstance(note, Fix))
        self.diagnostics.append(Diagnostic(code, Severity.ERROR, span, message, labels, fixes))

    def _declare(self, fields: list[Form]) -> None:
        """First round: types, imports, memories and the headers of functions."""
        for form in fields:
            self._check_order(form)
            if form.head == "type":
                self.uses.declare(form)
        defined = False
        headers: list[tuple[Form, _Header]] = []
        for form in fields:
            if form.head == "import":
                self._import(form, defined)
            elif form.head == "func":
                header = self._header(form)
                if header.imported:
                    self._inline_import(form, header, defined)
                else:
                    headers.append((form, header))
                    defined = True
            elif form.head == "memory":
                defined = self._memory(form, defined)
            elif form.head not in {"type", "data", "export", "start"}:
                self._other_field(form)
        self._declare_functions(headers)

    def _declare_functions(self, headers: list[tuple[Form, _Header]]) -> None:
        self.imported_count = len(self._imported())
        for form, header in headers:
            index = self.imported_count + len(self.bodies)
            self._name_function(form, index)
            self.bodies.append((form, header))
            for name, span in header.exports:
                self._export(name, "func", index, span)

    def _imported(self) -> list[Import]:
        return [item for item in self.imports if item.kind == "func"]

    def _other_field(self, form: Form) -> None:
        if form.head not in NEAREST_FIELD:
            if not form.head.startswith("@"):
                self._unknown_field(form)
        elif self.profile == "agent":
            message = (
                f"`{form.head}` is real WebAssembly but outside the agent profile: "
                f"{NEAREST_FIELD[form.head]}{NOT_YET}"
            )
            self.report("outside-profile", form.items[0].span, message, _away(form.span))
        else:
            message = f"`{form.head}` is real WebAssembly that this version does not run yet"
            self.report("not-implemented", form.items[0].span, message)

    def _unknown_field(self, form: Form) -> None:
        span = form.items[0].span if form.items else form.span
        message = f"`{form.head}` is no field of a module"
        if form.head in INSTRUCTIONS or form.head in MACROS:
            message = f"`({form.head} ...)` stands in a function, not in the module itself"
            self.report("unknown-field", span, message)
            return
        near = hints.nearest_names(form.head, FIELDS)
        fixes = hints.replacements(span, near)
        self.report("unknown-field", span, message + hints.choices(near), *fixes)

    def _check_order(self, form: Form) -> None:
        for item in misplaced(form):
            word = item.text if isinstance(item, Atom) else f"({item.head or '...'})"
            if word in _OTHER_MEMORIES:
                message = f"a memory of `{word}` is real WebAssembly that this version has not"
                self.report("not-implemented", item.span, message)
            else:
                self.report("unexpected", item.span, f"`{word}` does not belong here")

    def _header(self, form: Form) -> _Header:
        index = 2 if identifier(form, 1) else 1
        exports, imported = [], None
        while index < len(form.items):
            item = form.items[index]
            if type(item) is not Form or item.head not in {"export", "import"}:
                break
            texts = self._texts(item, 2 if item.head == "import" else 1)
            if item.head == "export":
                exports.append((texts[0], item.span))
            else:
                imported = (texts[0], texts[1])
            index += 1
        uses: list[Form] = []
        while index < len(form.items):
            item = form.items[index]
            if type(item) is not Form or item.head not in {"type", "param", "result"}:
                break
            uses.append(item)
            index += 1
        signature, params = self.uses.type_use(uses, form.span)
        self.uses.intern(signature)
        locals_ = list(params)
        while index < len(form.items):
            item = form.items[index]
            if type(item) is not Form or item.head != "local":
                break
            locals_ += self.uses.declared(item)
            index += 1
        return _Header(signature, locals_, exports, imported, index)

    def _function(self, index: int, form: Form, header: _Header) -> Function:
        names: dict[str, int] = {}
        for number, local in enumerate(header.locals):
            if local.name in names:
                message = f"`{local.name}` is declared twice"
                first = header.locals[names[local.name]].span
                self.report("local-redeclared", local.span, message, Label(first, "first here"))
            elif local.name:
                names[local.name] = number
        known = Names(
            self.function_names,
            self.imported_count + len(self.bodies),
            names,
            len(header.locals),
            self.uses.block_type,
            self.profile,
            self.interface,
            self.missing,
        )
        resolver = BodyResolver(known, self.diagnostics)
        resolver.resolve(form.items[header.rest :], Span(form.end - 1, form.end))
        return Function(
            index,
            identifier(form, 1),
            header.type,
            tuple(header.locals),
            tuple(resolver.body),
            tuple(resolver.statements),
            form.span,
        )

    def _import(self, form: Form, defined: bool) -> None:
        inner = form.items[-1] if form.items else None
        if type(inner) is not Form or inner.head not in {"func", "memory"}:
            if type(inner) is Form and inner.head in {"table", "global", "tag"}:
                self._other_field(inner)
            else:
                message = 'an import is `(import "module" "name" (func $f (param i32)))`'
                self.report("bad-import", form.span, message)
            return
        texts = self._texts(form, 2)
        self._late_import(form, defined)
        if inner.head == "memory":
            limits = self._limits(inner)
            self._add_memory(limits, form)
            self.imports.append(Import(texts[0], texts[1], "memory", 0, limits, form.span))
            return
        uses = [item for item in inner.items[1:] if type(item) is Form]
        signature, _ = self.uses.type_use(uses, inner.span)
        self._name_function(inner, len(self._imported()))
        self._add_import(form, texts[0], texts[1], self.uses.intern(signature))

    def _inline_import(self, form: Form, header: _Header, defined: bool) -> None:
        assert header.imported
        self._late_import(form, defined)
        self._name_function(form, len(self._imported()))
        self._add_import(form, *header.imported, header.type)
        for name, span in header.exports:
            self._export(name, "func", len(self._imported()) - 1, span)

    def _late_import(self, form: Form, defined: bool) -> None:
        if defined:
            message = "imports stand before everything that the module defines"
            text = self.tree.source.text[form.start : form.end]
            first = self.fields[0].start
            move = (Edit(Span(first, first), f"{text} "), Edit(form.span, ""))
            self.report("late-import", form.span, message, Fix("move it to the front", move))

    def _add_import(self, form: Form, module: str, name: str, signature: FunctionType) -> None:
        index = len(self._imported())
        self.imports.append(Import(module, name, "func", index, signature, form.span))

    def _name_function(self, form: Form, index: int) -> None:
        name = identifier(form, 1)
        if name:
            self._once(f"func {name}", form.items[1].span)
            self.function_names.setdefault(name, index)

    def _once(self, key: str, span: Span) -> None:
        """Report a name that is declared a second time."""
        if key in self.named:
            label = Label(self.named[key], "first declared here")
            self.report("name-twice", span, f"`{key.split()[1]}` is declared twice", label)
        self.named.setdefault(key, span)

    def _memory(self, form: Form, defined: bool) -> bool:
        """Take up a memory; whether the module has defined something now."""
        imported = inline(form, "import")
        if imported:
            self._late_import(form, defined)
        inline_data = inline(form, "data")
        for item in form.items[1:]:
            if type(item) is Form and item.head == "export":
                self._export(self._texts(item, 1)[0], "memory", 0, item.span)
        if inline_data:
            content = self._bytes(inline_data)
            pages = -(-len(content) // PAGE_SIZE)
            self._add_memory(Limits(pages, pages), form)
            self.data.append(Data(0, content, inline_data.span))
            return True
        limits = self._limits(form)
        self._add_memory(limits, form)
        if imported:
            texts = self._texts(imported, 2)
            self.imports.append(Import(texts[0], texts[1], "memory", 0, limits, form.span))
        return defined or imported is None

    def _add_memory(self, limits: Limits, form: Form) -> None:
        if self.memory:
            label = Label(self.memory[1].span, "the first is here")
            message = "a module has one memory"
            self.report("second-memory", form.span, message, label, _away(form.span))
            return
        self.memory = (limits, form)

    def _limits(self, form: Form) -> Limits:
        numbers = [i for i in form.items if type(i) is Atom and i.kind is Number]
        values = [decode_index(item.text) for item in numbers]
        if not values or len(values) > 2 or None in values:
            message = "a memory has a minimum of pages: `(memory 1)`"
            place = Span(form.end - 1, form.end - 1)
            fixes = () if numbers else (Fix("give it a page", (Edit(place, " 1"),)),)
            self.report("bad-memory", form.span, message, *fixes)
            # Nobody knows its size: nothing is judged by it.
            return Limits(_HIGHEST_PAGES, None)
        minimum, maximum = values[0] or 0, values[1] if len(values) > 1 else None
        if minimum > _HIGHEST_PAGES or (maximum or 0) > _HIGHEST_PAGES:
            self.report("bad-memory", form.span, "a memory has at most 65536 pages (4 GiB)")
        elif maximum is not None and maximum < minimum:
            fix = Fix("take the maximum away", (Edit(Span(numbers[0].end, numbers[1].end), ""),))
            message = "the maximum is less than the minimum"
            self.report("bad-memory", numbers[1].span, message, fix)
        return Limits(minimum, maximum)

    def _late_fields(self, fields: list[Form]) -> int | None:
        """Second round: exports, data and the start function, which refer to all the rest."""
        start, started = None, False
        for form in fields:
            if form.head == "export":
                self._export_field(form)
            elif form.head == "data":
                self._data(form)
            elif form.head == "start":
                if started:
                    message = "a module has one start function"
                    self.report("second-start", form.span, message, _away(form.span))
                started = True
                start = self._function_index(form.items[1] if len(form.items) > 1 else form)
                if start is not None and self._type_of(start) != FunctionType((), ()):
                    message = "the start function takes nothing and returns nothing"
                    self.report("start-type", form.span, message, _away(form.span))
        return start

    def _type_of(self, index: int) -> FunctionType:
        """The type of a function that is there."""
        if index >= self.imported_count:
            return self.bodies[index - self.imported_count][1].type
        found = self._imported()[index].type
        assert isinstance(found, FunctionType)
        return found

    def _function_index(self, item: Item) -> int | None:
        count = self.imported_count + len(self.bodies)
        if type(item) is Atom:
            is_name = item.kind is Name.Variable
            found = self.function_names.get(item.text) if is_name else decode_index(item.text)
            if found is not None and 0 <= found < count:
                return found
        self.report("unknown-function", item.span, "there is no such function")
        return None

    def _export_field(self, form: Form) -> None:
        inner = form.items[-1]
        self._memory_use(form)
        if type(inner) is not Form or inner.head not in {"func", "memory"} or len(inner.items) < 2:
            self.report("bad-export", form.span, 'an export is `(export "run" (func $run))`')
            return
        name = self._texts(form, 1)[0]
        if inner.head == "func":
            index = self._function_index(inner.items[1])
            if index is not None:
                self._export(name, "func", index, form.span)
        elif self.memory is None:
            self.report("unknown-memory", inner.span, "the module has no memory to export")
        else:
            self._export(name, "memory", 0, form.span)

    def _export(self, name: str, kind: str, index: int, span: Span) -> None:
        if name in self.exported:
            label = Label(self.exported[name], "first exported here")
            self.report("export-twice", span, f'"{name}" is exported twice', label, _away(span))
            return
        self.exported[name] = span
        self.exports.append(Export(name, kind, index, span))

    def _data(self, form: Form) -> None:
        name = identifier(form, 1)
        if name:
            self._once(f"data {name}", form.items[1].span)
        offsets = [i for i in form.items if type(i) is Form and i.head not in {"memory", "@"}]
        address = constant(offsets[0]) if offsets else None
        content = self._bytes(form)
        self._memory_use(form)
        if len(offsets) != 1 or address is None:
            message = 'a data segment has a constant address here: `(data (i32.const 16) "...")`'
            self.report("data-address", form.span, message)
            return
        if self.memory is None:
            self.report("unknown-memory", form.span, "the module has no memory for this data")
        elif address + len(content) > self.memory[0].minimum * PAGE_SIZE:
            self._data_outside(form, address + len(content), self.memory)
        self.data.append(Data(address, content, form.span))

    def _data_outside(self, form: Form, end: int, memory: tuple[Limits, Form]) -> None:
        limits, declared = memory
        needed = -(-end // PAGE_SIZE)
        words = (inline(declared, "memory") or declared).items
        minimum = next((i for i in words if type(i) is Atom and i.kind is Number), None)
        fixes: list[Fix] = []
        if minimum and needed <= (limits.maximum or _HIGHEST_PAGES):
            fixes.append(Fix(f"raise it to {needed}", (Edit(minimum.span, str(needed)),)))
        message = (
            f"this data ends past the memory's {counted(limits.minimum, 'page')}: raise its minimum"
        )
        label = Label(declared.span, "the memory is here")
        self.report("data-outside", form.span, message, label, *fixes)

    def _memory_use(self, form: Form) -> None:
        """Check a `(memory N)` inside a field: there is one memory, 0."""
        use = inline(form, "memory") or form
        item = use.items[1] if len(use.items) > 1 else None
        if type(item) is not Atom or (use is form and item.kind is not Number):
            return
        name = identifier(self.memory[1], 1) if self.memory else None
        if item.text != name and decode_index(item.text) != 0:
            self.report("unknown-memory", item.span, f"there is no memory `{item.text}`")

    def _bytes(self, form: Form) -> bytes:
        words = [i.text for i in form.items if type(i) is Atom and i.kind is String]
        return b"".join(decode_string(word) or b"" for word in words)

    def _texts(self, form: Form, count: int) -> list[str]:
        """The first `count` strings of a form, "" where they lack."""
        words = [i for i in form.items if type(i) is Atom and i.kind is String]
        texts: list[str] = []
        for word in words[:count]:
            try:
                texts.append((decode_string(word.text) or b"").decode("utf-8"))
            except UnicodeDecodeError:
                self.report("not-utf8", word.span, "a name is UTF-8, this one is not")
                texts.append("")
        if len(texts) < count:
            wanted = counted(count, "name")
            self.report("missing-name", form.span, f"`{form.head}` needs {wanted} in quotes")
        return (texts + [""] * count)[:count]


def _away(span: Span) -> Fix:
    return Fix("take it away", (Edit(span, ""),))
