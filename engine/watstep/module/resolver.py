"""The tree of the expanded text to a module: fields collected, names resolved to indices."""

from __future__ import annotations

from dataclasses import dataclass, field

from pygments.token import Name, Number, String

from watstep.module.body import BodyResolver, Names
from watstep.module.forms import constant, identifier, inline
from watstep.module.ir import Data, Export, Function, Import, Local, Module
from watstep.module.order import misplaced
from watstep.module.strangers import NOT_YET
from watstep.source.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from watstep.source.text import Span
from watstep.syntax.literals import decode_integer, decode_string
from watstep.syntax.tree import Atom, Form, Item, Tree
from watstep.wasm.outside import NEAREST_FIELD
from watstep.wasm.types import PAGE_SIZE, FunctionType, Limits, ValueType

_VALUE_TYPES = frozenset(("i64", "f32", "f64", "v128", "funcref", "externref", "ref"))
_OTHER_MEMORIES = frozenset(("i64", "shared"))
_HIGHEST_PAGES = 65536


def resolve(tree: Tree, profile: str) -> tuple[Module | None, tuple[Diagnostic, ...]]:
    """Resolve a module; its spans and those of the diagnostics are in the tree's text."""
    resolver = _Resolver(tree, profile)
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
    diagnostics: list[Diagnostic] = field(default_factory=list)
    types: list[FunctionType] = field(default_factory=list)
    type_names: dict[str, int] = field(default_factory=dict)
    imports: list[Import] = field(default_factory=list)
    exports: list[Export] = field(default_factory=list)
    exported: dict[str, Span] = field(default_factory=dict)
    data: list[Data] = field(default_factory=list)
    function_names: dict[str, int] = field(default_factory=dict)
    bodies: list[tuple[Form, _Header]] = field(default_factory=list)
    memory: tuple[Limits, Form] | None = None
    named: dict[str, Span] = field(default_factory=dict)
    imported_count: int = 0

    def run(self) -> Module | None:
        forms = [item for item in self.tree.items if type(item) is Form]
        if not forms or forms[0].head != "module":
            return None
        for extra in self.tree.items[1:]:
            self.report("extra-module", extra.span, "a file holds one module and nothing after it")
        module = forms[0]
        items = module.items[1:]
        name = None
        if items and type(items[0]) is Atom and items[0].kind is Name.Variable:
            name = items[0].text
            items = items[1:]
        fields = [item for item in items if type(item) is Form]
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
            tuple(self.types),
            tuple(self.imports),
            tuple(functions),
            self.memory[0] if self.memory else None,
            tuple(self.data),
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
                self._type(form)
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
                span = form.items[0].span if form.items else form.span
                self.report("unknown-field", span, f"`{form.head}` is no field of a module")
        elif self.profile == "agent":
            message = (
                f"`{form.head}` is real WebAssembly but outside the agent profile: "
                f"{NEAREST_FIELD[form.head]}{NOT_YET}"
            )
            fix = Fix("take it away", (Edit(form.span, ""),))
            self.report("outside-profile", form.items[0].span, message, fix)
        else:
            message = f"`{form.head}` is real WebAssembly that this version does not run yet"
            self.report("not-implemented", form.items[0].span, message)

    def _check_order(self, form: Form) -> None:
        for item in misplaced(form):
            word = item.text if isinstance(item, Atom) else f"({item.head or '...'})"
            if word in _OTHER_MEMORIES:
                message = f"a memory of `{word}` is real WebAssembly that this version has not"
                self.report("not-implemented", item.span, message)
            else:
                self.report("unexpected", item.span, f"`{word}` does not belong here")

    def _type(self, form: Form) -> None:
        index = 1
        name = identifier(form, index)
        if name:
            index += 1
        inner = form.items[index] if index < len(form.items) else None
        if type(inner) is not Form or inner.head != "func":
            self.report("bad-type", form.span, "a type is `(type $name (func (param i32)))`")
            return
        signature, _ = self._signature(inner.items[1:])
        if name:
            self._once(f"type {name}", form.items[1].span)
            self.type_names[name] = len(self.types)
        self.types.append(signature)

    def _signature(self, items: list[Item]) -> tuple[FunctionType, list[Local]]:
        """The type and the parameters that `param` and `result` forms write."""
        params: list[Local] = []
        results: list[ValueType] = []
        for item in items:
            if type(item) is not Form or item.head not in {"param", "result"}:
                self.report("unexpected", item.span, "a type holds `param` and `result` alone")
            elif item.head == "param":
                if results:
                    self.report("bad-type", item.span, "a `param` stands before the `result`s")
                params += self._locals(item)
            else:
                results += [self._value_type(word) for word in item.items[1:]]
        return FunctionType(tuple(p.type for p in params), tuple(results)), params

    def _locals(self, form: Form) -> list[Local]:
        name = identifier(form, 1)
        if name is None:
            return [Local(None, self._value_type(word), word.span) for word in form.items[1:]]
        if len(form.items) != 3:
            message = f"a named {form.head} has one type: `({form.head} {name} i32)`"
            self.report("bad-type", form.span, message)
            return [Local(name, "i32", form.span)]
        return [Local(name, self._value_type(form.items[2]), form.span)]

    def _value_type(self, item: Item) -> ValueType:
        text = item.text if isinstance(item, Atom) else "ref" if item.head == "ref" else ""
        if text in _VALUE_TYPES and self.profile == "agent":
            message = f"`{text}` is real WebAssembly but outside the agent profile: use i32"
            fix = Fix("write i32", (Edit(item.span, "i32"),))
            self.report("outside-profile", item.span, message, fix)
        elif text in _VALUE_TYPES:
            message = f"`{text}` is real WebAssembly that this version does not run yet"
            self.report("not-implemented", item.span, message)
        elif text != "i32":
            self.report("bad-type", item.span, "this is no value type; the value type is i32")
        return "i32"

    def _type_use(self, forms: list[Form], span: Span) -> tuple[FunctionType, list[Local]]:
        """The type that `(type $t)`, `param` and `result` forms stand for."""
        named = [form for form in forms if form.head == "type"]
        rest: list[Item] = [form for form in forms if form.head != "type"]
        signature, params = self._signature(rest)
        if not named:
            return signature, params
        if forms[0] is not named[0] or len(named) > 1:
            message = "one `(type ...)` stands before the `param`s and `result`s"
            self.report("bad-type", named[-1].span, message)
        item = named[0].items[1] if len(named[0].items) == 2 else None
        index = None
        if type(item) is Atom:
            is_name = item.kind is Name.Variable
            index = self.type_names.get(item.text) if is_name else decode_integer(item.text)
        if index is None or not 0 <= index < len(self.types):
            self.report("unknown-type", named[0].span, "there is no such type")
            return signature, params
        known = self.types[index]
        if rest and signature != known:
            self.report("type-mismatch", span, "this is not the type that `(type ...)` names")
        if not rest:
            params = [Local(None, kind, named[0].span) for kind in known.params]
        return known, params

    def _block_type(self, forms: list[Form], span: Span) -> FunctionType:
        signature, params = self._type_use(forms, span)
        for param in params:
            if param.name:
                self.report("bad-type", param.span, "a block's parameter has no name")
        return signature

    def _intern(self, signature: FunctionType) -> FunctionType:
        if signature not in self.types:
            self.types.append(signature)
        return signature

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
        signature, params = self._type_use(uses, form.span)
        self._intern(signature)
        locals_ = list(params)
        while index < len(form.items):
            item = form.items[index]
            if type(item) is not Form or item.head != "local":
                break
            locals_ += self._locals(item)
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
            self._block_type,
            self.profile,
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
        texts = self._texts(form, 2)
        if type(inner) is not Form or inner.head not in {"func", "memory"}:
            if type(inner) is Form and inner.head in {"table", "global", "tag"}:
                self._other_field(inner)
            else:
                message = 'an import is `(import "module" "name" (func $f (param i32)))`'
                self.report("bad-import", form.span, message)
            return
        self._late_import(form, defined)
        if inner.head == "memory":
            limits = self._limits(inner)
            self._add_memory(limits, form)
            self.imports.append(Import(texts[0], texts[1], "memory", 0, limits, form.span))
            return
        uses = [item for item in inner.items[1:] if type(item) is Form]
        signature, _ = self._type_use(uses, inner.span)
        self._add_import(inner, texts[0], texts[1], "func", self._intern(signature))

    def _inline_import(self, form: Form, header: _Header, defined: bool) -> None:
        assert header.imported
        self._late_import(form, defined)
        self._add_import(form, *header.imported, "func", header.type)
        for name, span in header.exports:
            self._export(name, "func", len(self._imported()) - 1, span)

    def _late_import(self, form: Form, defined: bool) -> None:
        if defined:
            message = "imports stand before everything that the module defines"
            self.report("late-import", form.span, message)

    def _add_import(
        self, form: Form, module: str, name: str, kind: str, signature: FunctionType
    ) -> None:
        index = len(self._imported())
        self._name_function(form, index)
        self.imports.append(Import(module, name, kind, index, signature, form.span))

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
            self.report("second-memory", form.span, "a module has one memory", label)
            return
        self.memory = (limits, form)

    def _limits(self, form: Form) -> Limits:
        numbers = [i for i in form.items if type(i) is Atom and i.kind is Number]
        values = [decode_integer(item.text) for item in numbers]
        if not values or len(values) > 2 or None in values:
            self.report("bad-memory", form.span, "a memory has a minimum of pages: `(memory 1)`")
            return Limits(0, None)
        minimum, maximum = values[0] or 0, values[1] if len(values) > 1 else None
        if minimum > _HIGHEST_PAGES or (maximum or 0) > _HIGHEST_PAGES:
            self.report("bad-memory", form.span, "a memory has at most 65536 pages (4 GiB)")
        elif maximum is not None and maximum < minimum:
            self.report("bad-memory", numbers[1].span, "the maximum is less than the minimum")
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
                    self.report("second-start", form.span, "a module has one start function")
                started = True
                start = self._function_index(form.items[1] if len(form.items) > 1 else form)
        return start

    def _function_index(self, item: Item) -> int | None:
        count = self.imported_count + len(self.bodies)
        if type(item) is Atom:
            is_name = item.kind is Name.Variable
            found = self.function_names.get(item.text) if is_name else decode_integer(item.text)
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
            self.report("export-twice", span, f'"{name}" is exported twice', label)
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
            pages = self.memory[0].minimum
            message = f"this data ends past the memory's {pages} page(s): raise its minimum"
            self.report("data-outside", form.span, message)
        self.data.append(Data(address, content, form.span))

    def _memory_use(self, form: Form) -> None:
        """Check a `(memory N)` inside a field: there is one memory, 0."""
        use = inline(form, "memory") or form
        item = use.items[1] if len(use.items) > 1 else None
        if type(item) is not Atom or (use is form and item.kind is not Number):
            return
        name = identifier(self.memory[1], 1) if self.memory else None
        if item.text != name and decode_integer(item.text) != 0:
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
            self.report("missing-name", form.span, f"`{form.head}` needs {count} name(s) in quotes")
        return (texts + [""] * count)[:count]
