"""What the language says where a problem breaks it: a short rule and a right example for each code.

A further code is a word in a row, or a further row.
"""

from __future__ import annotations

from typing import NamedTuple


class Rule(NamedTuple):
    """A rule, the codes of the problems that break it, and an example that keeps it."""

    codes: tuple[str, ...]
    text: str
    example: str
    """A whole program, or a part of one; "" where the rule needs none."""


def _rule(codes: str, text: str, example: str = "") -> Rule:
    return Rule(tuple(codes.split()), text, example)


RULES: tuple[Rule, ...] = (
    _rule(
        "unclosed-form unopened-form stray-parenthesis headless-form too-deep",
        "Every `(` is closed by one `)`, and a form begins with its word.",
        "(i32.add (i32.const 1) (i32.const 2))",
    ),
    _rule(
        "unclosed-string unclosed-comment bad-token bad-escape glued-tokens triple-quoted not-utf8",
        'Text stands in `"..."` or `"""..."""`, in UTF-8, with the escapes \\t \\n \\r \\" \\\' '
        "\\\\ \\hh \\u{h...}; comments are `;; ...` or `(; ... ;)`; blanks stand between words.",
        '(resv "one \\"quoted\\" word") (i32.const 0)',
    ),
    _rule("pasted-chat", "A program holds forms and comments, no prose and no code fences."),
    _rule(
        "stack-underflow missing-value left-over-value label-arity type-mismatch",
        "Each form takes its operands from the stack and leaves its results there; a block reaches "
        "no value from outside it, and at its end exactly its results are left. `run`, the body of "
        "the program, leaves one i32: 0 for success. A call of type (pointer, error) leaves the "
        "error on top, so set the error first; a value that is not needed is taken by `local.set`.",
        '(local $p i32) (local $e i32) (call $http.get "http://localhost/") (local.set $e) '
        "(local.set $p) (check $e) (resv $p) (i32.const 0)",
    ),
    _rule(
        "if-branches if-without-else stray-then stray-else",
        "An `if` is a condition, `(then ...)` and perhaps `(else ...)`; one that gives a value "
        "says `(result i32)` and has both branches.",
        "(if (result i32) (i32.const 1) (then (i32.const 2)) (else (i32.const 3)))",
    ),
    _rule(
        "missing-end stray-end label-mismatch unknown-label",
        "A folded block ends at its parenthesis, a flat one at `end`. A branch names a block or "
        "loop that holds it: `br` to a block leaves it, to a loop repeats it.",
        "(block $out (loop $again (br_if $out (i32.const 1)) (br $again))) (i32.const 0)",
    ),
    _rule(
        "unknown-local bad-local unnamed-local local-redeclared",
        "A local is declared once, as `(local $name i32)`, anywhere in its function; "
        "`(argv N $name)` declares `$name` and `$name.err`.",
        "(local $n i32) (local.set $n (i32.const 5)) (local.get $n)",
    ),
    _rule(
        "macro-argument macro-arity macro-unexpanded flat-macro check-result",
        "The macros are `(argv N $name)`, N a literal number; `(check $error)`, which returns the "
        "error if it is not 0, in a function of results i32 or (i32 i32); `(resv OPERAND)`. They "
        "are always in parentheses.",
        "(argv 0 $text) (resv $text) (i32.const 0)",
    ),
    _rule(
        "bare-operand missing-immediate unexpected bad-constant bad-alignment",
        "An operand is a form: `(local.get $x)`, `(i32.const 5)`, a string. The name or number "
        "that belongs to an instruction follows its word; numbers are i32.",
        "(i32.add (i32.const -1) (i32.const 0xff))",
    ),
    _rule(
        "unknown-instruction outside-profile not-implemented unknown-profile",
        "In profile agent there are: i32.const add sub mul div_s rem_s and or eq ne lt_s gt_s le_s "
        "ge_s, i32.load i32.store memory.grow, block loop if br br_if return call, local.get "
        "local.set local.tee. Every value is an i32. `;; profile: core` as the first line adds the "
        "other i32 instructions, drop, select, br_table, nop and unreachable.",
        "(i32.eq (i32.const 0) (i32.const 1))",
    ),
    _rule(
        "unknown-function unknown-host-function name-twice export-twice run-redefined misplaced "
        "extra-module unknown-field missing-name bad-export second-start start-type unknown-type "
        "bad-type",
        "A file is the body of `run`, or one `(module ...)`. Functions beside the body are "
        "`(func $name ...)`; a call names one of them or a host function. Each name is given once, "
        "and a body program does not define `run` itself.",
        "(func $twice (param $n i32) (result i32) (i32.mul (local.get $n) (i32.const 2)))\n"
        "(call $twice (i32.const 4))",
    ),
    _rule(
        "unknown-import import-type bad-import late-import no-wasi import-shifts-functions",
        "A body program needs no import: calling `$capability.function` is enough. There is no "
        "WASI. An import that is written has the type of the host's function and stands first.",
        '(call $dbg.log "hello") (i32.const 0)',
    ),
    _rule(
        "unknown-memory second-memory bad-memory unreachable-memory memory-too-small data-outside "
        "data-address string-placement",
        "There is one memory, which a body program need not mention; a module imports it as "
        '`(import "env" "memory" (memory 1))`. Data has a constant address inside it.',
        '(data (i32.const 64) "abcd") (i32.load (i32.const 64))',
    ),
)
"""Every rule; a code of the language's errors stands in one of them."""

_BY_CODE = {code: rule for rule in RULES for code in rule.codes}


def rule_of(code: str) -> Rule | None:
    """The rule that a problem breaks, None for a lint or what no program has by itself."""
    return _BY_CODE.get(code)
