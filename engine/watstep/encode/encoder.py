"""A module to its bytes (specification chapter 5), with the offset of every opcode."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from watstep.encode.locations import Location, LocationMap
from watstep.module.ir import (
    BlockType,
    BranchTable,
    Function,
    Instruction,
    MemoryArgument,
    Module,
)
from watstep.wasm.instructions import INSTRUCTIONS
from watstep.wasm.types import FunctionType, Limits
from watstep.wasm.values import signed

_OPCODES = {row.name: row.opcode for row in INSTRUCTIONS.values()}
_VALUE_TYPES = {"i32": 0x7F, "i64": 0x7E, "f32": 0x7D, "f64": 0x7C}
_KINDS = {"func": 0, "memory": 2}
_MEMORY_ZERO = frozenset(("memory.size", "memory.grow"))


def unsigned_leb128(value: int) -> bytes:
    """An unsigned integer in LEB128."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed_leb128(value: int) -> bytes:
    """A signed integer in LEB128."""
    out = bytearray()
    while not -0x40 <= value < 0x40:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def encode(module: Module) -> tuple[bytes, LocationMap]:
    """The binary of a validated module and the places of its instructions in it."""
    types = _all_types(module)
    numbers = {signature: index for index, signature in enumerate(types)}
    out = bytearray(b"\x00asm\x01\x00\x00\x00")
    out += _section(1, [_type(signature) for signature in types])
    out += _section(2, [_import(module, numbers, index) for index in range(len(module.imports))])
    out += _section(3, [unsigned_leb128(numbers[f.type]) for f in module.functions])
    imported = any(item.kind == "memory" for item in module.imports)
    if module.memory and not imported:
        out += _section(5, [_limits(module.memory)])
    out += _section(
        7,
        [
            _name(item.name) + bytes([_KINDS[item.kind]]) + unsigned_leb128(item.index)
            for item in module.exports
        ],
    )
    if module.start is not None:
        out += _block(8, unsigned_leb128(module.start))
    locations = _code(module, numbers, out)
    out += _section(
        11,
        [
            b"\x00\x41" + signed_leb128(signed(item.address)) + b"\x0b" + _bytes(item.content)
            for item in module.data
        ],
    )
    out += _block(0, _name("name") + _name_section(module))
    return bytes(out), locations


def _all_types(module: Module) -> list[FunctionType]:
    """The type section: the module's own types, then those that only blocks use."""
    types = list(module.types)
    for function in module.functions:
        for instruction in function.body:
            block = instruction.immediate
            if isinstance(block, BlockType) and not _is_short(block.type):
                types.append(block.type)
    return list(dict.fromkeys(types))


def _is_short(signature: FunctionType) -> bool:
    return not signature.params and len(signature.results) < 2


def _code(module: Module, numbers: dict[FunctionType, int], out: bytearray) -> LocationMap:
    """Append the code section; the offsets of all opcodes in `out`."""
    bodies: list[tuple[int, bytes, list[int]]] = []
    for function in module.functions:
        content, offsets = _body(function, numbers)
        bodies.append((function.index, content, offsets))
    if not bodies:
        return LocationMap((), ())
    count = unsigned_leb128(len(bodies))
    size = len(count) + sum(len(unsigned_leb128(len(b))) + len(b) for _, b, _ in bodies)
    out += b"\x0a" + unsigned_leb128(size) + count
    places: list[int] = []
    locations: list[Location] = []
    for index, content, offsets in bodies:
        out += unsigned_leb128(len(content))
        places += [len(out) + offset for offset in offsets]
        locations += [Location(index, pc) for pc in range(len(offsets))]
        out += content
    return LocationMap(tuple(places), tuple(locations))


def _body(function: Function, numbers: dict[FunctionType, int]) -> tuple[bytes, list[int]]:
    declared = [local.type for local in function.locals[len(function.type.params) :]]
    runs = [(kind, len(list(group))) for kind, group in groupby(declared)]
    out = bytearray(unsigned_leb128(len(runs)))
    for kind, count in runs:
        out += unsigned_leb128(count) + bytes([_VALUE_TYPES[kind]])
    offsets = []
    for instruction in function.body:
        offsets.append(len(out))
        out.append(_OPCODES[instruction.name])
        out += _immediate(instruction, numbers)
    return bytes(out), offsets


def _immediate(instruction: Instruction, numbers: dict[FunctionType, int]) -> bytes:
    value = instruction.immediate
    if value is None:
        return b"\x00" if instruction.name in _MEMORY_ZERO else b""
    if isinstance(value, BlockType):
        if not _is_short(value.type):
            return signed_leb128(numbers[value.type])
        return bytes([_VALUE_TYPES[value.type.results[0]]]) if value.type.results else b"\x40"
    if isinstance(value, MemoryArgument):
        return unsigned_leb128(value.align) + unsigned_leb128(value.offset)
    if isinstance(value, BranchTable):
        labels = b"".join(unsigned_leb128(depth) for depth in value.depths)
        return unsigned_leb128(len(value.depths) - 1) + labels
    if instruction.name == "i32.const":
        return signed_leb128(signed(value))
    return unsigned_leb128(value)


def _type(signature: FunctionType) -> bytes:
    params = bytes(_VALUE_TYPES[kind] for kind in signature.params)
    results = bytes(_VALUE_TYPES[kind] for kind in signature.results)
    return b"\x60" + _bytes(params) + _bytes(results)


def _import(module: Module, numbers: dict[FunctionType, int], index: int) -> bytes:
    item = module.imports[index]
    kind = item.type
    described = _limits(kind) if isinstance(kind, Limits) else unsigned_leb128(numbers[kind])
    return _name(item.module) + _name(item.name) + bytes([_KINDS[item.kind]]) + described


def _limits(limits: Limits) -> bytes:
    if limits.maximum is None:
        return b"\x00" + unsigned_leb128(limits.minimum)
    return b"\x01" + unsigned_leb128(limits.minimum) + unsigned_leb128(limits.maximum)


def _name_section(module: Module) -> bytes:
    """The names of functions and locals, as the `name` custom section holds them."""
    functions = [unsigned_leb128(f.index) + _name(f.name[1:]) for f in module.functions if f.name]
    indirect = []
    for function in module.functions:
        named = [
            unsigned_leb128(number) + _name(local.name[1:])
            for number, local in enumerate(function.locals)
            if local.name
        ]
        if named:
            indirect.append(unsigned_leb128(function.index) + _vector(named))
    return _block(1, _vector(functions)) + _block(2, _vector(indirect))


def _vector(items: Iterable[bytes]) -> bytes:
    entries = list(items)
    return unsigned_leb128(len(entries)) + b"".join(entries)


def _section(number: int, items: list[bytes]) -> bytes:
    return _block(number, _vector(items)) if items else b""


def _block(number: int, content: bytes) -> bytes:
    return bytes([number]) + _bytes(content)


def _bytes(content: bytes) -> bytes:
    return unsigned_leb128(len(content)) + content


def _name(text: str) -> bytes:
    return _bytes(text.encode())
