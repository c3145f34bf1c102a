"""Types as a module writes them: `(type $t)`, `(param $x i32)`, `(result i32)`, `(local i32)`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from pygments.token import Name

from watstep.module.forms import identifier
from watstep.module.ir import Local
from watstep.source.diagnostic import Edit, Fix, Label
from watstep.source.text import Span
from watstep.syntax.literals import decode_index
from watstep.syntax.tree import Atom, Form, Item
from watstep.wasm.types import FunctionType, ValueType

_VALUE_TYPES = frozenset(("i64", "f32", "f64", "v128", "funcref", "externref", "ref"))


class Report(Protocol):
    """How a problem is reported."""

    def __call__(self, code: str, span: Span, message: str, *notes: Label | Fix) -> None:
        """Add an error."""


@dataclass
class TypeUses:
    """The types of a module, and what its forms say by them."""

    profile: str
    report: Report
    once: Callable[[str, Span], None]
    """Reports a name that is declared a second time."""
    types: list[FunctionType] = field(default_factory=list)
    type_names: dict[str, int] = field(default_factory=dict)

    def declare(self, form: Form) -> None:
        """Take up a `type` field."""
        index = 1
        name = identifier(form, index)
        if name:
            index += 1
        inner = form.items[index] if index < len(form.items) else None
        if type(inner) is not Form or inner.head != "func":
            self.report("bad-type", form.span, "a type is `(type $name (func (param i32)))`")
            return
        signature, _ = self.signature(inner.items[1:])
        if name:
            self.once(f"type {name}", form.items[1].span)
            self.type_names[name] = len(self.types)
        self.types.append(signature)

    def signature(self, items: list[Item]) -> tuple[FunctionType, list[Local]]:
        """The type and the parameters that `param` and `result` forms write."""
        params: list[Local] = []
        results: list[ValueType] = []
        for item in items:
            if type(item) is not Form or item.head not in {"param", "result"}:
                self.report("unexpected", item.span, "a type holds `param` and `result` alone")
            elif item.head == "param":
                if results:
                    self.report("bad-type", item.span, "a `param` stands before the `result`s")
                params += self.declared(item)
            else:
                results += [self.value_type(word) for word in item.items[1:]]
        return FunctionType(tuple(p.type for p in params), tuple(results)), params

    def declared(self, form: Form) -> list[Local]:
        """The parameters or locals of a `param` or `local` form."""
        name = identifier(form, 1)
        if name is None:
            return [Local(None, self.value_type(word), word.span) for word in form.items[1:]]
        if len(form.items) != 3:
            message = f"a named {form.head} has one type: `({form.head} {name} i32)`"
            self.report("bad-type", form.span, message)
            return [Local(name, "i32", form.span)]
        return [Local(name, self.value_type(form.items[2]), form.span)]

    def value_type(self, item: Item) -> ValueType:
        """The type that a word stands for; i32 where it is none."""
        text = item.text if isinstance(item, Atom) else "ref" if item.head == "ref" else ""
        if text in _VALUE_TYPES and self.profile == "agent":
            message = f"`{text}` is real WebAssembly but outside the agent profile: use i32"
            fix = Fix("write i32", (Edit(item.span, "i32"),))
            self.report("outside-profile", item.span, message, fix)
        elif text in _VALUE_TYPES:
            message = f"`{text}` is real WebAssembly that this version does not run yet"
            self.report("not-implemented", item.span, message)
        elif text != "i32":
            fix = Fix("write i32", (Edit(item.span, "i32"),))
            message = "this is no value type; the value type is i32"
            self.report("bad-type", item.span, message, fix)
        return "i32"

    def type_use(self, forms: list[Form], span: Span) -> tuple[FunctionType, list[Local]]:
        """The type that `(type $t)`, `param` and `result` forms stand for."""
        named = [form for form in forms if form.head == "type"]
        rest: list[Item] = [form for form in forms if form.head != "type"]
        signature, params = self.signature(rest)
        if not named:
            return signature, params
        if forms[0] is not named[0] or len(named) > 1:
            message = "one `(type ...)` stands before the `param`s and `result`s"
            self.report("bad-type", named[-1].span, message)
        item = named[0].items[1] if len(named[0].items) == 2 else None
        index = None
        if type(item) is Atom:
            is_name = item.kind is Name.Variable
            index = self.type_names.get(item.text) if is_name else decode_index(item.text)
        if index is None or not 0 <= index < len(self.types):
            self.report("unknown-type", named[0].span, "there is no such type")
            return signature, params
        known = self.types[index]
        if rest and signature != known:
            self.report("type-mismatch", span, "this is not the type that `(type ...)` names")
        if not rest:
            params = [Local(None, kind, named[0].span) for kind in known.params]
        return known, params

    def block_type(self, forms: list[Form], span: Span) -> FunctionType:
        """The type of a block that stands at `span`, from the forms of its header."""
        signature, params = self.type_use(forms, span)
        for param in params:
            if param.name:
                self.report("bad-type", param.span, "a block's parameter has no name")
        return signature

    def intern(self, signature: FunctionType) -> FunctionType:
        """Put a type into the type section where it lacks."""
        if signature not in self.types:
            self.types.append(signature)
        return signature
