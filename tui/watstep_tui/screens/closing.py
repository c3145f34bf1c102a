"""Screens that close once, however many keys or clicks ask for it."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import Screen

T = TypeVar("T")


class ClosesOnce(Screen[T], Generic[T]):
    """What was on its way when the screen closed, such as a second Enter, closes no other one."""

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close with an answer; nothing where another screen has the keys by now."""
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()
