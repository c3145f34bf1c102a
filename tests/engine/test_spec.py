"""Accepts, rejects and encodes what wasmtime does, over the specification's scripts and our own."""

from __future__ import annotations

from pathlib import Path

import pytest
import wasmtime

from tests.engine.wast import commands
from watstep.host.catalog import INTERFACE
from watstep.pipeline import Compilation, compile_source
from watstep.source.diagnostic import has_errors
from watstep.source.text import Source
from watstep.syntax.parser import parse
from watstep.syntax.tree import Form

SCRIPTS = sorted((Path(__file__).parent / "spec").glob("*.wast"))
ENGINE = wasmtime.Engine()
ELSEWHERE = frozenset(("not-implemented", "unknown-import", "data-outside", "data-address"))
"""Codes of what this version or this host leaves out, which are no verdict on the module."""
MINIMUM_ACCEPTED, MINIMUM_REJECTED = 70, 1000
MINIMUM_REDUCED = 600
TYPES, IMPORTS, FUNCTIONS, CODE = 1, 2, 3, 10
MERGED = "(local $foo i32) (local $foo i32)"
"""Equal declarations merge here (LANGUAGE.md 5), in WebAssembly they are an error."""


def reference(text: str) -> bytes | None:
    """Wasmtime's bytes of a module, None where it rejects it."""
    try:
        binary = bytes(wasmtime.wat2wasm(text))
        wasmtime.Module.validate(ENGINE, binary)
    except wasmtime.WasmtimeError:
        return None
    return binary


def compiled(text: str) -> Compilation:
    """The module in profile `core`."""
    return compile_source(Source("module.wat", text), INTERFACE, profile="core")


def sections(binary: bytes) -> list[tuple[int, bytes]]:
    """The sections with their bytes, custom ones left out."""
    found, offset = [], 8
    while offset < len(binary):
        kind, offset = binary[offset], offset + 1
        size = shift = 0
        while True:
            byte, offset = binary[offset], offset + 1
            size |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        if kind:
            found.append((kind, binary[offset : offset + size]))
        offset += size
    return found


def test_scripts() -> None:
    """Every module of the scripts that uses only what is here gets wasmtime's verdict and bytes."""
    accepted = rejected = 0
    for path in SCRIPTS:
        for command in commands(path.read_text("utf-8")):
            if command.module is None or MERGED in command.module:
                continue
            place, wanted = f"{path.name}:{command.line}", reference(command.module)
            answer = compiled(command.module)
            codes = {d.code for d in answer.diagnostics if d.severity.value == "error"}
            if wanted is None:
                assert codes, place
                rejected += 1
            elif not codes & ELSEWHERE:
                assert answer.program is not None, (place, codes)
                assert sections(answer.program.binary) == sections(wanted), place
                # LANGUAGE.md 1: standard WAT is its own expansion, byte for byte.
                assert answer.expansion.full.text == command.module, place
                accepted += 1
    assert accepted >= MINIMUM_ACCEPTED
    assert rejected >= MINIMUM_REJECTED


@pytest.mark.parametrize("field", ["(start 0)", '(export "run" (func 0))', "(func (call 1))"])
def test_missing_functions(field: str) -> None:
    """A number of no function is one diagnostic, also where there is none at all."""
    found = compiled(f"(module {field})").diagnostics
    assert [diagnostic.code for diagnostic in found] == ["unknown-function"]


def test_reduced_scripts() -> None:
    """The fields of larger modules that use only what is here, likewise; the others are cut."""
    functions = 0
    for path in SCRIPTS:
        for command in commands(path.read_text("utf-8")):
            if command.kind != "module" or command.module is None:
                continue
            answer = compiled(command.module)
            if not has_errors(answer.diagnostics):
                continue
            while has_errors(answer.diagnostics):
                shorter = without_errors(answer)
                if shorter == answer.source.text:
                    break
                answer = compiled(shorter)
            place, wanted = f"{path.name}:{command.line}", reference(answer.source.text)
            assert (answer.program is None) == (wanted is None), place
            if answer.program is not None and wanted is not None:
                assert same_module(answer.program.binary, wanted), place
                functions += len(answer.program.module.functions)
    assert functions >= MINIMUM_REDUCED


def same_module(binary: bytes, wanted: bytes) -> bool:
    """Valid, and equal; equal types may be declared once here, so indices of types may differ."""
    wasmtime.Module.validate(ENGINE, binary)
    ours, theirs = dict(sections(binary)), dict(sections(wanted))
    if ours.get(TYPES) == theirs.get(TYPES):
        return ours == theirs
    numbered = {TYPES, IMPORTS, FUNCTIONS, CODE}
    return ours.keys() == theirs.keys() and all(
        ours[kind] == theirs[kind] for kind in ours.keys() - numbered
    )


def without_errors(answer: Compilation) -> str:
    """The module's text less the fields that hold an error."""
    text = answer.source.text
    module = parse(answer.source).items[0]
    assert type(module) is Form
    for field in reversed(module.items):
        if type(field) is Form and any(
            field.start <= found.span.start < field.end for found in answer.diagnostics
        ):
            text = text[: field.start] + text[field.end :]
    return text


RUN = '(func (export "run") (result i32) i32.const 0)'
MODULES = {
    "an inline import keeps its export": '(func (export "g") (import "dbg" "i32") (param i32))',
    "imports are numbered in the order of the text": (
        '(func $a (import "dbg" "i32") (param i32)) (import "sys" "argc" (func (result i32)))'
        "(func (result i32) call 1)"
    ),
    "a data segment names its memory": '(memory $m 1) (data (memory $m) (i32.const 0) "x")',
    "an address is an i32": '(memory 1) (data (i32.const 4294967296) "x")',
    "an address is one instruction": '(memory 1) (data (offset (nop) (i32.const 0)) "x")',
    "there is one memory to fill": '(memory 1) (data (memory 1) (i32.const 0) "x")',
    "there is one memory to export": '(memory 1) (export "m" (memory 1))',
    "an if has one else": "(func i32.const 0 if else else end)",
    "an if form's condition is forms": "(func (if i32.const 0 (then) (else)))",
    "params stand before results": "(func (result i32) (param i32) i32.const 0)",
    "a block's params stand before its results": (
        "(func (result i32) i32.const 0 (block (result i32) (param i32)))"
    ),
    "a type use stands first": "(type $t (func (param i32))) (func (param i32) (type $t))",
    "one start": "(func $f) (start $f) (start $f)",
    "a start function is there": "(start 7)",
    "names are UTF-8": '(func (export "\\ff"))',
    "inner labels shadow outer ones": "(func (block $l (block $l (br $l)) (br $l)))",
    "a memory holds its limits": "(memory 1 drop)",
    "an export names one thing": '(func $f) (export "a" 0 (func $f))',
    "an index stands alone": '(func $f) (export "a" (func $f ()))',
    "an inline export holds a name": '(func (export "a" i32))',
    "an import's function has no body": '(import "dbg" "i32" (func nop (param i32)))',
    "exports stand in the order of the text": '(export "b" (func $f)) (func $f (export "a"))',
    "a segment's name is its own": "(memory 1) (data $d (i32.const 0)) (data $d (i32.const 0))",
    "data is written in the order of the text": (
        '(data (i32.const 0) "abc") (memory (data "xyz"))'
    ),
    "a constant may be long": f"(func (drop (i32.const {'0' * 5000}7)))",
    "a constant may be too long": f"(func (drop (i32.const {'7' * 5000})))",
    "a size has no sign": "(memory -1)",
    "an index has no sign": "(func (local i32) (drop (local.get -0)))",
    "a label has no sign": "(func (br -0))",
    "an offset has no sign": "(memory 1) (func (drop (i32.load offset=-0 (i32.const 0))))",
    "an if form's branches stand last": "(func (if (i32.const 1) (then) (nop) (else)))",
    "a start names its function": "(start)",
    "a type is a word": "(func (local (i32)))",
    "an annotation may stand first": '((@a) func ((@b ")") nop))',
    "a data segment's memory may be a number": '(memory 1) (data 0 (i32.const 0) "x")',
    "dead code is still typed": "(func (result i32) (return (i32.const 1)) i32.add i32.const 0)",
}


@pytest.mark.parametrize("fields", MODULES.values(), ids=MODULES)
def test_modules(fields: str) -> None:
    """Wasmtime's verdict and bytes, on what the scripts do not cover."""
    text = f"(module {fields} {RUN})"
    program, wanted = compiled(text).program, reference(text)
    assert (program is None) == (wanted is None)
    if program is not None and wanted is not None:
        assert sections(program.binary) == sections(wanted)


@pytest.mark.parametrize(
    "fields",
    [
        "(memory i64 1)",
        "(type (func)) (func (local (ref 0)))",
        "(func (drop (select (result i32) (i32.const 1) (i32.const 2) (i32.const 3))))",
    ],
)
def test_left_out(fields: str) -> None:
    """What this version leaves out of WebAssembly is called that."""
    text = f"(module {fields})"
    assert reference(text)
    assert [found.code for found in compiled(text).diagnostics] == ["not-implemented"]
