"""How loud each lint is: the levels of the table, and what a project says of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from watstep.lint import allow
from watstep.lint.rules import RULES
from watstep.source.diagnostic import Severity

Levels: TypeAlias = Mapping[str, Severity | None]
"""Of every lint, by code; None is off."""

USUAL: Levels = MappingProxyType(
    {**{rule.code: rule.level for rule in RULES.values()}, allow.CODE: Severity.WARNING}
)
"""Where nobody says otherwise."""

SUMMARIES: Mapping[str, str] = MappingProxyType(
    {**{rule.code: rule.summary for rule in RULES.values()}, allow.CODE: allow.SUMMARY}
)
"""Every lint in one line."""

WORDS: Mapping[str, Severity | None] = MappingProxyType(
    {"off": None, **{severity.value: severity for severity in reversed(Severity)}}
)
"""The levels as they are written."""
