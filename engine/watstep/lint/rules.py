"""The one table of lints; levels, `--explain`, the pages and the documents read it."""

from __future__ import annotations

from watstep.lint import (
    constant_condition,
    endless_loop,
    error_unchecked,
    local_not_fresh,
    local_unset,
    local_used_early,
    missing_result,
    pointer_compared,
    shadowed_label,
    swapped_results,
    unreachable_code,
    unused_local,
)
from watstep.lint.rule import Rule
from watstep.source.diagnostic import Severity

_WARNING, _NOTE = Severity.WARNING, Severity.NOTE

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule(
            error_unchecked.CODE,
            _WARNING,
            "a host function's pointer is used before its error is checked, or never checked",
            error_unchecked.check,
        ),
        Rule(
            swapped_results.CODE,
            _WARNING,
            "error and pointer of a host call are taken in the wrong order",
            swapped_results.check,
        ),
        Rule(
            unused_local.CODE,
            _WARNING,
            "a local is never used, or set and never read",
            unused_local.check,
        ),
        Rule(
            local_unset.CODE,
            _WARNING,
            "a local is read before anything is set into it",
            local_unset.check,
        ),
        Rule(
            local_unset.MAYBE,
            _NOTE,
            "a pointer is used that some path has not set",
            local_unset.check_pointers,
        ),
        Rule(
            local_used_early.CODE,
            _WARNING,
            "a local is used before it is declared",
            local_used_early.check,
        ),
        Rule(
            local_not_fresh.CODE,
            _WARNING,
            "a local declared in a loop is not zero again each time round",
            local_not_fresh.check,
        ),
        Rule(unreachable_code.CODE, _WARNING, "code never runs", unreachable_code.check),
        Rule(endless_loop.CODE, _WARNING, "nothing leaves a loop", endless_loop.check),
        Rule(
            constant_condition.CODE,
            _WARNING,
            "a condition is the same each time",
            constant_condition.check,
        ),
        Rule(
            pointer_compared.CODE,
            _WARNING,
            "an address is compared with that of a string literal",
            pointer_compared.check,
        ),
        Rule(
            missing_result.CODE,
            _NOTE,
            "the arguments are read and no result value is set",
            missing_result.check,
        ),
        Rule(
            shadowed_label.CODE,
            _NOTE,
            "a label hides one of the same name around it",
            shadowed_label.check,
        ),
    )
}
"""By code, in the order in which the documents list them."""
