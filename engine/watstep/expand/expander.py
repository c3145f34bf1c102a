"""Expansion: a tree of extended WAT to the parts of a standard module (LANGUAGE.md 1 to 5)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from pygments.token import Keyword, Name, Number

from watstep.expand import strings
from watstep.expand.body import BodyExpander, Facts
from watstep.expand.fields import (
    FIELDS,
    declared_functions,
    import_place,
    is_import,
    memory_form,
    numeric_uses,
    result_count,
    split_header,
    type_results,
)
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
from watstep.expand.scope import Declaration, used_again
from watstep.source.diagnostic import Diagnostic, Fix, Severity
from watstep.source.diagnostic import Edit as TextEdit
from watstep.source.text import Source, Span, counted
from watstep.syntax.literals import decode_index, encode_string
from watstep.syntax.tree import Atom, Form, Item, Tree
from watstep.wasm.instructions import STRUCTURED
from watstep.wasm.types import HostInterface, HostSignature


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
        self.types = type_results(self.fields)

    def function_edits(self, form: Form, layout: Layout) -> list[Edit]:
        """Expand one `func` form in place."""
        header, rest = split_header(form)
        results = result_count(header, self.types)
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
        body.edits += _hoisted_edits(body, place, layout.newline + layout.indentation + lead)
        body.scope.finish(following.start if following else place, layout.newline + lead)
        return body.edits

    def missing_imports(self) -> list[tuple[HostSignature, Span]]:
        """The host functions that are called and not declared, in order of first call."""
        declared = {name for field in self.fields for name in declared_functions(field)}
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
        uses = sorted({span, *self.facts.again.get(name, ())})
        fixes = tuple(
            Fix(f"call {found}", tuple(TextEdit(use, found) for use in uses)) for found in near
        )
        self.diagnostics.append(
            Diagnostic(
                "unknown-host-function",
                Severity.ERROR,
                span,
                f"the host offers no `{name[1:]}`{hint}",
                used_again(uses),
                fixes,
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
    memory = memory_form(work.fields)
    pointers = any(signature.takes_pointers for signature, _ in missing)
    add_memory = memory is None and (bool(work.facts.pool.values) or pointers)
    numbers = [*work.facts.numbers, *numeric_uses(work.fields)]
    if missing and numbers:
        _shifted_numbers(work, [signature for signature, _ in missing], numbers, module)
    lines = [(import_text(signature), Origin(span, "import")) for signature, span in missing]
    if add_memory:
        lines.append((_memory_text(work.memory_end()), Origin(module.span, "memory")))
    place = import_place(module)
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


def _shifted_numbers(
    work: _Program, missing: list[HostSignature], numbers: list[Atom], module: Form
) -> None:
    """Functions go by number, which an added import would shift: it has to be written."""
    place = import_place(module)
    imports = "".join(f"\n  {import_text(signature)}" for signature in missing)
    edits = [TextEdit(Span(place, place), imports)]
    imported = sum(is_import(field) and memory_form([field]) is None for field in work.fields)
    for atom in numbers:
        number = decode_index(atom.text)
        if number is not None and number >= imported:
            edits.append(TextEdit(atom.span, str(number + len(missing))))
    work.facts.report(
        "import-shifts-functions",
        numbers[0].span,
        "a function goes by number here, and adding an import would shift the numbers: "
        f"write `{import_text(missing[0])}` yourself",
        Fix("write the import and count on", tuple(edits)),
    )


def _expand_body(work: _Program) -> tuple[Part, ...]:
    source, layout = work.source, Layout(work.source, "    ")
    start = 1 if source.text.startswith("\ufeff") else 0
    end = max(len(source.text.rstrip()), start)
    body = BodyExpander(work.facts, layout, 1)
    first = next((item.start for item in work.items), start)
    body.top = first
    _refuse_header(work, body)
    unnamed = _unnamed_prefix(body, work.items)
    lifted = _lift_fields(work, body, work.items[unnamed:])
    if unnamed:
        body.top = work.items[unnamed - 1].end
        body.edits += _hoisted_edits(body, body.top, f"{layout.newline}    ")
        body.scope.hoisted.clear()
        first = next((item.start for item in work.items[unnamed:]), body.top)
    body.scope.finish(first, layout.newline + layout.lead(first))
    memory = memory_form(work.fields)
    if memory is not None and work.facts.pool.values:
        edits = _grown_memory(work, memory)
        grown = Layout(source, "  ").stitch(memory.span, edits)
        lifted = [(i, (*_lead(parts), *grown) if i is memory else parts) for i, parts in lifted]
        body.edits = [_where_it_stood(edit, memory, grown) for edit in body.edits]
    inner = layout.stitch(Span(start, end), body.edits)
    opening = Origin(Span(start, start), "module")
    closing = Origin(Span(end, end), "module")
    last = Generated(f"){layout.newline}", closing)
    rest = max([end, *(edit.span.end for edit in body.edits)])
    return (
        Replacement(Pass.LOCALS, opening, (), _opening(work, body, lifted, opening)),
        *inner,
        Replacement(Pass.LOCALS, closing, (), _closing(layout.newline, lifted, closing)),
        *_data_parts(work, layout, wrapped=True),
        Replacement(Pass.LOCALS, closing, (Copied(Span(rest, len(source.text))),), (last,)),
    )


def _refuse_header(work: _Program, body: BodyExpander) -> None:
    """`run` takes nothing and gives one i32: a `param` or `result` of a body program is refused."""
    params, block = 0, False
    for item in work.items:
        if type(item) is Atom:
            # A flat `block $l (result i32)` has a header of its own.
            block = item.text in STRUCTURED or (block and item.kind is Name.Variable)
            continue
        assert type(item) is Form
        if item.head not in {"param", "result"}:
            block = block and item.head == "type"
        if block or item.head not in {"param", "result"}:
            continue
        text = ""
        if item.head == "param":
            names = [word.text for word in item.items if type(word) is Atom and word.text[0] == "$"]
            texts = [f"(argv {params + number} {name})" for number, name in enumerate(names)]
            params, text = params + len(names), " ".join(texts)
            for name in names:
                declared = Declaration("i32", item.span)
                body.scope.declare(name, declared, Origin(item.span, "local"), hoist=True)
        message = (
            "a body program is the body of `run`, which takes nothing and returns one i32: "
            "arguments come by `(argv N $name)`"
        )
        fix = Fix(f"write `{text}`" if text else "take it away", (TextEdit(item.span, text),))
        work.facts.report("misplaced", item.span, message, fix)
        gone = Replacement(Pass.LOCALS, Origin(item.span, "module"), (Copied(item.span),), ())
        body.edits.append(Edit(item.span, gone, removes=True))


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


def _lead(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The blanks that a lifted field got."""
    return parts[:1] if isinstance(parts[0], Generated) else ()


def _where_it_stood(edit: Edit, memory: Form, grown: tuple[Part, ...]) -> Edit:
    """A memory that is lifted grows in the passes before that, too."""
    part = edit.part
    if not isinstance(part, Replacement) or part.origin != Origin(memory.span, "module"):
        return edit
    closed = (part.closed[0], *grown, part.closed[-1])
    return edit._replace(part=part._replace(closed=closed))


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
        if is_import(item):
            parts += [*moved, Generated(newline, wrapper)]
    if memory_form(work.fields) is None:
        origin = Origin(wrapper.span, "memory")
        parts.append(Generated(f"  {_memory_text(work.memory_end())}{newline}", origin))
    parts.append(Generated("  (func $run (result i32)", wrapper))
    for name, value_type, origin in body.scope.hoisted:
        made = Generated(f"{newline}    (local {name} {value_type})", origin)
        parts.append(Replacement(Pass.LOCALS, origin, (), (made,)))
    parts.append(Generated(newline, wrapper))
    return tuple(parts)


def _closing(
    newline: str, lifted: list[tuple[Form, tuple[Part, ...]]], closing: Origin
) -> tuple[Part, ...]:
    """What stands after a wrapped body: its end, its export, and the lifted definitions."""
    text = f'{newline}  ){newline}  (export "run" (func $run)){newline}'
    parts: list[Part] = [Generated(text, closing)]
    for item, moved in lifted:
        if not is_import(item):
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
    minimum = decode_index(numbers[0].text) if numbers else None
    if minimum is None or minimum >= needed:
        return []
    if len(numbers) > 1 and (decode_index(numbers[1].text) or 0) < needed:
        work.facts.report(
            "memory-too-small",
            numbers[1].span,
            f"the program's text needs {counted(needed, 'page')}, more than this maximum",
            Fix(f"raise it to {needed}", (TextEdit(numbers[1].span, str(needed)),)),
        )
    origin = Origin(numbers[0].span, "memory")
    closed, opened = (Copied(numbers[0].span),), (Generated(str(needed), origin),)
    return [Edit(numbers[0].span, Replacement(Pass.STRINGS, origin, closed, opened))]


def _check_lifted(work: _Program, form: Form) -> None:
    """A body program is the body of `run`, so it may not define it (LANGUAGE.md 7)."""
    names = declared_functions(form) if form.head in {"func", "import"} else []
    exports = (item for item in (form, *form.items) if type(item) is Form and item.head == "export")
    exported = [
        export
        for export in exports
        if any(type(item) is Atom and item.text == '"run"' for item in export.items)
    ]
    if "$run" in names or exported:
        place = exported[0].span if exported else form.items[1].span
        name = () if exported else (Fix("call it $run_2", (TextEdit(place, "$run_2"),)),)
        away = Fix("take it away", (TextEdit(place, ""),))
        work.facts.report(
            "run-redefined",
            place,
            "a body program is itself the body of `run`, and exports it: "
            f"{'take this away' if exported else 'give this another name'}",
            *(name or (away,)),
        )


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
