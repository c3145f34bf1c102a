"""Expansion: a tree of extended WAT to the parts of a standard module (LANGUAGE.md 1 to 5)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from pygments.token import Keyword, Name, Number

from watstep.expand import strings
from watstep.expand.body import BodyExpander, Facts
from watstep.expand.layout import Edit, Layout, Siblings
from watstep.expand.pieces import (
    Copied,
    Expansion,
    Generated,
    Origin,
    Part,
    Pass,
    Replacement,
)
from watstep.expand.scope import Declaration
from watstep.source.diagnostic import Diagnostic, Fix, Label, Severity
from watstep.source.diagnostic import Edit as TextEdit
from watstep.source.text import Source, Span
from watstep.syntax.literals import decode_integer, encode_string
from watstep.syntax.tree import Atom, Form, Item, Tree
from watstep.wasm.types import HostInterface, HostSignature

FIELDS = frozenset(
    ("func", "import", "memory", "data", "export", "type", "table", "global", "elem", "start")
)
_HEADER = frozenset(("export", "import", "type", "param", "result"))


def expand(tree: Tree, interface: HostInterface) -> Expansion:
    """Expand a program; `interface` is what the host offers."""
    forms = [item for item in tree.items if type(item) is Form]
    if forms and forms[0].head == "module":
        work = _Program(tree, interface, forms[0].items)
        parts = _expand_module(work, forms[0])
    else:
        work = _Program(tree, interface, tree.items)
        parts = _expand_body(work)
    diagnostics = tuple(sorted(work.diagnostics, key=lambda found: found.span))
    return Expansion(tree, parts, diagnostics)


class _Program:
    """What the expansion knows of the whole program while it works."""

    def __init__(self, tree: Tree, interface: HostInterface, items: tuple[Item, ...] | list[Item]):
        self.source: Source = tree.source
        self.interface = interface
        self.items = items
        self.fields = [i for i in items if type(i) is Form and i.head in FIELDS]
        self.diagnostics: list[Diagnostic] = []
        ends = [strings.data_end(f) for f in self.fields if f.head in {"data", "memory"}]
        self.constant_data = None not in ends
        self.own_data_end = max((end for end in ends if end), default=0)
        first = max(strings.FIRST_ADDRESS, strings.aligned(self.own_data_end, 4))
        self.facts = Facts(strings.StringPool(first), self.diagnostics)
        self.types = _type_results(self.fields)

    def function_edits(self, form: Form, layout: Layout) -> list[Edit]:
        """Expand one `func` form in place."""
        header, rest = _split_header(form)
        results = _result_count(header, self.types)
        body = BodyExpander(self.facts, layout, results)
        for item in header:
            if type(item) is Form and item.head == "param":
                _declare_all(body, item, parameter=True)
        prefix = _declare_leading(body, rest)
        before = [*header, *rest[:prefix]]
        body.top = place = before[-1].end
        body.walk(rest[prefix:])
        following = rest[prefix] if prefix < len(rest) else None
        same_line = following is None or self.source.line_of(following.start) == (
            self.source.line_of(form.start)
        )
        anchor = form.start if same_line or following is None else following.start
        lead = layout.lead(anchor) + ("  " if same_line else "")
        body.edits += _hoisted_edits(body, place, layout.newline + lead)
        body.scope.finish(following.start if following else place, layout.newline + lead)
        return body.edits

    def missing_imports(self) -> list[tuple[HostSignature, Span]]:
        """The host functions that are called and not declared, in order of first call."""
        declared = {name for field in self.fields for name in _declared_functions(field)}
        missing = []
        for name, span in self.facts.calls.items():
            signature = self.interface.get(name[1:])
            if name in declared:
                continue
            if signature is not None:
                missing.append((signature, span))
            elif "." in name:
                self._unknown_host_function(name, span, declared)
        return missing

    def _unknown_host_function(self, name: str, span: Span, declared: set[str]) -> None:
        # Loaded for a mistake alone: `expand` starts in a few Python starts.
        from difflib import get_close_matches

        known = [f"${full}" for full in self.interface] + sorted(declared)
        near = get_close_matches(name, known, 3, 0.5)
        hint = f"; did you mean {' or '.join(f'`{found}`' for found in near)}?" if near else ""
        fixes = tuple(Fix(f"call {found}", (TextEdit(span, found),)) for found in near)
        self.diagnostics.append(
            Diagnostic(
                "unknown-host-function",
                Severity.ERROR,
                span,
                f"the host offers no `{name[1:]}`{hint}",
                fixes=fixes,
            )
        )

    def check_strings(self) -> None:
        """Strings need to know where the program's own data ends."""
        if self.facts.pool.values and not self.constant_data:
            self.facts.report(
                "string-placement",
                self.facts.first_string or Span(0, 0),
                "a string cannot be placed beside a data segment whose address is not constant",
            )

    def memory_end(self) -> int:
        """The end of all data, own and added."""
        pool = self.facts.pool
        return max(self.own_data_end, pool.next_address if pool.values else 0)


def _expand_module(work: _Program, module: Form) -> tuple[Part, ...]:
    layout = Layout(work.source)
    edits: list[Edit] = []
    for field in work.fields:
        if field.head == "func":
            edits += work.function_edits(field, layout)
    missing = work.missing_imports()
    memory = _memory_form(work.fields)
    pointers = any(signature.takes_pointers for signature, _ in missing)
    add_memory = memory is None and (bool(work.facts.pool.values) or pointers)
    if missing and work.facts.numeric_call is not None:
        signature = missing[0][0]
        work.facts.report(
            "import-shifts-functions",
            work.facts.numeric_call,
            "a function is called by number here, and adding an import would shift the numbers: "
            f"write `{import_text(signature)}` yourself",
        )
    lines = [(import_text(signature), Origin(span, "import")) for signature, span in missing]
    if add_memory:
        lines.append((_memory_text(work.memory_end()), Origin(module.span, "memory")))
    place = _import_place(module)
    # The data of the strings needs its memory at once, and the lines keep their order.
    by = Pass.STRINGS if add_memory and work.facts.pool.values else Pass.LOCALS
    for text, origin in lines:
        part = Replacement(by, origin, (), (Generated(f"{layout.newline}  {text}", origin),))
        edits.append(Edit(Span(place, place), part))
    if memory is not None and work.facts.pool.values:
        edits += _grown_memory(work, memory)
    work.check_strings()
    end = module.items[-1].end
    edits += [Edit(Span(end, end), data) for data in _data_parts(work, layout)]
    return layout.stitch(Span(0, len(work.source.text)), edits)


def _expand_body(work: _Program) -> tuple[Part, ...]:
    source, layout = work.source, Layout(work.source, "    ")
    start = 1 if source.text.startswith("\ufeff") else 0
    end = max(len(source.text.rstrip()), start)
    body = BodyExpander(work.facts, layout, 1)
    first = next((item.start for item in work.items), start)
    body.top = first
    unnamed = _unnamed_prefix(body, work.items)
    lifted = _lift_fields(work, body, work.items[unnamed:])
    if unnamed:
        body.top = work.items[unnamed - 1].end
        body.edits += _hoisted_edits(body, body.top, f"{layout.newline}    ")
        body.scope.hoisted.clear()
    body.scope.finish(first, layout.newline + layout.lead(first))
    inner = layout.stitch(Span(start, end), body.edits)
    opening = Origin(Span(start, start), "module")
    closing = Origin(Span(end, end), "module")
    last = Generated(f"){layout.newline}", closing)
    return (
        Replacement(Pass.LOCALS, opening, (), _opening(work, body, lifted, opening)),
        *inner,
        Replacement(Pass.LOCALS, closing, (), _closing(layout.newline, lifted, closing)),
        *_data_parts(work, layout, wrapped=True),
        Replacement(Pass.LOCALS, closing, (), (last,)),
    )


def _unnamed_prefix(body: BodyExpander, items: Sequence[Item]) -> int:
    """How many locals at the very top of a body stay in place, since one has no name."""
    leading = list(takewhile(lambda item: type(item) is Form and item.head == "local", items))
    unnamed = any(
        type(item) is Form and all(type(i) is Atom and i.kind is Keyword for i in item.items)
        for item in leading
    )
    return _declare_leading(body, leading) if unnamed else 0


def _lift_fields(
    work: _Program, body: BodyExpander, items: Sequence[Item]
) -> list[tuple[Form, tuple[Part, ...]]]:
    """Expand a body program's items in order; its module fields with what they become."""
    layout = Layout(work.source, "  ")
    fields = Siblings(work.source, [field.span for field in work.fields])
    lifted: list[tuple[Form, tuple[Part, ...]]] = []
    run: list[Item] = []
    for item in items:
        if type(item) is not Form or item.head not in FIELDS:
            run.append(item)
            continue
        body.walk(run)
        run = []
        edits = work.function_edits(item, layout) if item.head == "func" else []
        parts = layout.stitch(item.span, edits)
        span = layout.whole_line(item.span, fields)
        closed = (Copied(Span(span.start, item.start)), *parts, Copied(Span(item.end, span.end)))
        moved = Replacement(Pass.LOCALS, Origin(item.span, "module"), closed, ())
        body.edits.append(Edit(span, moved, removes=True))
        if work.source.position(item.start).column > 1:
            parts = (Generated("  ", Origin(item.span, "module")), *parts)
        lifted.append((item, parts))
        _check_lifted(work, item)
    body.walk(run)
    return lifted


def _opening(
    work: _Program,
    body: BodyExpander,
    lifted: list[tuple[Form, tuple[Part, ...]]],
    wrapper: Origin,
) -> tuple[Part, ...]:
    """What stands before a wrapped body: imports, memory, the head of `run` and its locals."""
    newline = body.layout.newline
    parts: list[Part] = [Generated(f"(module{newline}", wrapper)]
    missing = work.missing_imports()
    work.check_strings()
    for signature, span in missing:
        line = f"  {import_text(signature)}{newline}"
        parts.append(Generated(line, Origin(span, "import")))
    for item, moved in lifted:
        if _is_import(item):
            parts += [*moved, Generated(newline, wrapper)]
    if _memory_form(work.fields) is None:
        origin = Origin(wrapper.span, "memory")
        parts.append(Generated(f"  {_memory_text(work.memory_end())}{newline}", origin))
    parts.append(Generated("  (func $run (result i32)", wrapper))
    for name, value_type, origin in body.scope.hoisted:
        parts.append(Generated(f"{newline}    (local {name} {value_type})", origin))
    parts.append(Generated(newline, wrapper))
    return tuple(parts)


def _closing(
    newline: str, lifted: list[tuple[Form, tuple[Part, ...]]], closing: Origin
) -> tuple[Part, ...]:
    """What stands after a wrapped body: its end, its export, and the lifted definitions."""
    text = f'{newline}  ){newline}  (export "run" (func $run)){newline}'
    parts: list[Part] = [Generated(text, closing)]
    for item, moved in lifted:
        if not _is_import(item):
            parts += [*moved, Generated(newline, closing)]
    return tuple(parts)


def import_text(signature: HostSignature) -> str:
    """The import line of a host function."""
    params = f" (param {' '.join(signature.type.params)})" if signature.type.params else ""
    results = f" (result {' '.join(signature.type.results)})" if signature.type.results else ""
    function = f"(func ${signature.full_name}{params}{results})"
    return f'(import "{signature.capability}" "{signature.name}" {function})'


def _memory_text(end: int) -> str:
    return f'(import "env" "memory" (memory {strings.pages_for(end)}))'


def _data_parts(work: _Program, layout: Layout, *, wrapped: bool = False) -> list[Part]:
    """The data segments of the strings, each on a line of its own."""
    parts: list[Part] = []
    for content, (address, origin) in work.facts.pool.values.items():
        literal = encode_string(strings.text_value(content))
        made: tuple[Part, ...]
        text = f"(data (i32.const {address}) {literal})"
        if wrapped:
            indent = Replacement(Pass.LOCALS, origin, (), (Generated("  ", origin),))
            before = Replacement(Pass.LOCALS, origin, (Generated(layout.newline, origin),), ())
            after = Replacement(Pass.LOCALS, origin, (), (Generated(layout.newline, origin),))
            made = (before, indent, Generated(text, origin), after)
        else:
            made = (Generated(f"{layout.newline}  {text}", origin),)
        parts.append(Replacement(Pass.STRINGS, origin, (), made))
    return parts


def _grown_memory(work: _Program, memory: Form) -> list[Edit]:
    """The edit that raises a memory's minimum where the strings need it."""
    inner = memory
    for item in memory.items:
        if type(item) is Form and item.head == "memory":
            inner = item
    numbers = [i for i in inner.items if type(i) is Atom and i.kind is Number]
    needed = strings.pages_for(work.memory_end())
    minimum = decode_integer(numbers[0].text) if numbers else None
    if minimum is None or minimum >= needed:
        return []
    if len(numbers) > 1 and (decode_integer(numbers[1].text) or 0) < needed:
        work.facts.report(
            "memory-too-small",
            numbers[1].span,
            f"the program's text needs {needed} pages, more than this maximum",
        )
    origin = Origin(numbers[0].span, "memory")
    closed, opened = (Copied(numbers[0].span),), (Generated(str(needed), origin),)
    return [Edit(numbers[0].span, Replacement(Pass.STRINGS, origin, closed, opened))]


def _memory_form(fields: list[Form]) -> Form | None:
    """The field that gives the program its memory, imported or defined."""
    for field in fields:
        if field.head == "memory":
            return field
        if field.head == "import" and any(
            type(item) is Form and item.head == "memory" for item in field.items
        ):
            return field
    return None


def _is_import(form: Form) -> bool:
    return form.head == "import" or any(
        type(item) is Form and item.head == "import" for item in form.items
    )


def _check_lifted(work: _Program, form: Form) -> None:
    """A body program is the body of `run`, so it may not define it (LANGUAGE.md 7)."""
    names = _declared_functions(form) if form.head in {"func", "import"} else []
    exports = (item for item in (form, *form.items) if type(item) is Form and item.head == "export")
    exported = [
        export
        for export in exports
        if any(type(item) is Atom and item.text == '"run"' for item in export.items)
    ]
    if "$run" in names or exported:
        work.diagnostics.append(
            Diagnostic(
                "run-redefined",
                Severity.ERROR,
                exported[0].span if exported else form.span,
                "a body program is itself the body of `run`: give this another name",
                labels=(Label(Span(0, 0), "the body of `run` is the rest of this file"),),
            )
        )


def _import_place(module: Form) -> int:
    """Where added imports go: after the last import, else after the module's name."""
    place = module.start + len("(module")
    for index, item in enumerate(module.items):
        named = type(item) is Atom and index <= 1
        if named or (type(item) is Form and item.head == "import"):
            place = item.end
    return place


def _split_header(form: Form) -> tuple[list[Item], list[Item]]:
    """The items of a `func` form: its name, type and exports, then the rest."""
    items = form.items
    index = 1
    if index < len(items):
        item = items[index]
        if type(item) is Atom and item.kind is Name.Variable:
            index += 1
    while index < len(items):
        item = items[index]
        if type(item) is not Form or item.head not in _HEADER:
            break
        index += 1
    return items[:index], items[index:]


def _declare_all(body: BodyExpander, form: Form, *, parameter: bool) -> bool:
    """Take up a `param` or `local` form at the top of a function; False to hoist it instead."""
    match form.items:
        case [_, Atom(text=name, kind=kind), Atom(text=value_type)] if kind is Name.Variable:
            if not parameter and name in body.scope.names:
                return False
            declared = Declaration(value_type, form.span, parameter)
            return body.scope.declare(name, declared, Origin(form.span, "local"), hoist=False)
        case _:
            named = any(type(item) is Atom and item.kind is Name.Variable for item in form.items)
            return parameter or not named


def _declared_functions(field: Form) -> list[str]:
    """The identifiers of functions that a field declares."""
    names = []
    for form in (field, *(item for item in field.items if type(item) is Form)):
        if form.head == "func" and field.head in {"func", "import"} and len(form.items) > 1:
            item = form.items[1]
            if type(item) is Atom and item.kind is Name.Variable:
                names.append(item.text)
    return names


def _declare_leading(body: BodyExpander, items: list[Item]) -> int:
    """Take up the locals at the top of a function; how many of the items they are."""
    for index, item in enumerate(items):
        if type(item) is not Form or item.head != "local":
            return index
        if not _declare_all(body, item, parameter=False):
            return index
    return len(items)


def _hoisted_edits(body: BodyExpander, place: int, lead: str) -> list[Edit]:
    """The declarations that move to the top, each after `lead`, in order of appearance."""
    return [
        Edit(
            Span(place, place),
            Replacement(
                Pass.LOCALS, origin, (), (Generated(f"{lead}(local {name} {kind})", origin),)
            ),
        )
        for name, kind, origin in body.scope.hoisted
    ]


def _type_results(fields: list[Form]) -> dict[str, int]:
    """How many results each type of the program has, by name and by number."""
    results: dict[str, int] = {}
    types = [field for field in fields if field.head == "type"]
    for index, field in enumerate(types):
        for item in field.items:
            if type(item) is Form and item.head == "func":
                count = _count(item.items, "result")
                results[str(index)] = count
                name = field.items[1]
                if type(name) is Atom:
                    results[name.text] = count
    return results


def _result_count(header: list[Item], types: dict[str, int]) -> int | None:
    for item in header:
        if type(item) is Form and item.head == "type" and len(item.items) > 1:
            name = item.items[1]
            return types.get(name.text) if type(name) is Atom else None
    return _count(header, "result")


def _count(items: list[Item], head: str) -> int:
    forms = [item for item in items if type(item) is Form and item.head == head]
    return sum(len(form.items) - 1 for form in forms)
