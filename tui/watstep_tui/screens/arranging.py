"""How a screen's panes share the room: borders that move, panes alone or put away; it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import NamedTuple, Protocol, runtime_checkable

from textual import events
from textual.dom import DOMNode
from textual.widget import Widget

from watstep_tui.files.remembered import SettingsStore
from watstep_tui.widgets.pane import Pane

LEAST_WIDE, LEAST_HIGH = 16, 4
"""Cells and rows that a border leaves on each side."""
BY_KEY = (4, 2)
"""Cells and rows by which a key moves a border."""
TWICE = 0.5
"""Seconds within which a second click is one with the first."""


class Reach(NamedTuple):
    """A pane whose first border moves when another one is to grow."""

    sized: str
    sign: int
    """1 where the sized pane grows, -1 where it makes room."""


class Plan(NamedTuple):
    """The panes of a screen, by their ids."""

    name: str
    """Under which the sizes are kept."""
    panes: tuple[str, ...]
    """All that give way to one that stands alone."""
    sized: tuple[str, ...]
    """Those whose first border, on the left or at the top, can be moved."""
    closed: str
    """The pane that is closed where others are put away: it opens when it has something to say."""
    reach: Mapping[str, tuple[Reach, ...]]
    """For each pane that keys act on, the borders that keys move: the first that is seen."""


EDITING_PLAN = Plan(
    "editing",
    ("code", "source", "expansion", "panel"),
    ("expansion", "panel"),
    "panel",
    {
        "source": (Reach("expansion", -1), Reach("panel", -1)),
        "expansion": (Reach("expansion", 1), Reach("panel", -1)),
        "panel": (Reach("panel", 1),),
    },
)
STEPPING_PLAN = Plan(
    "stepping",
    ("code", "source", "expansion", "values", "stack", "locals", "frames", "below"),
    ("expansion", "values", "below"),
    "",
    {
        "source": (Reach("expansion", -1), Reach("values", -1), Reach("below", -1)),
        "expansion": (Reach("expansion", 1), Reach("values", -1), Reach("below", -1)),
        **{name: (Reach("values", 1),) for name in ("stack", "locals", "frames")},
        "below": (Reach("below", 1),),
    },
)


class Arrangement:
    """The sizes of panes, which of them is alone, and which are put away."""

    def __init__(
        self, root: Widget, plan: Plan, store: SettingsStore, use: Callable[[str], object]
    ) -> None:
        """Arrange the panes below `root`, kept in `store`; `use` has keys act on a pane."""
        self.root, self.plan, self.store, self.use = root, plan, store, use
        self.active = plan.panes[1]
        """The pane that keys act on."""
        self.alone: str | None = None
        self._held: tuple[str, bool] | None = None
        """The border that the mouse holds: its pane, and whether it has moved."""
        self._clicked: tuple[str, float] = ("", 0.0)

    def _pane(self, name: str) -> Widget:
        return self.root.query_one(f"#{name}")

    def _is_beside(self, name: str) -> bool:
        """Whether a pane stands to the right of what it shares its room with."""
        pane = self._pane(name)
        return isinstance(pane.parent, Widget) and pane.region.x > pane.parent.region.x

    def _key(self, name: str, *, beside: bool) -> str:
        return f"{self.plan.name}.{name}.{'width' if beside else 'height'}"

    def apply(self) -> None:
        """Bring the panes to what is kept and chosen."""
        kept = self.store.read_user().layout
        away = {name for name in self.plan.sized if kept.get(f"{self.plan.name}.{name}.away")}
        alone, beside_it = self._around_the_one_alone()
        for name in self.plan.panes:
            self._pane(name).set_class(name in away | beside_it, "-away")
            self._pane(name).set_class(name in alone, "-alone")
        for name in self.plan.sized:
            styles, beside = self._pane(name).styles, self._is_beside(name)
            share = kept.get(self._key(name, beside=beside))
            size = None if share is None or name in alone else f"{share:.2f}%"
            most = None if size is None else "100%"
            styles.width, styles.max_width = (size, most) if beside else (None, None)
            styles.height, styles.max_height = (None, None) if beside else (size, most)

    def _around_the_one_alone(self) -> tuple[set[str], set[str]]:
        """The panes that have the whole room, one in the other, and those beside them."""
        alone: set[str] = set()
        beside: set[str] = set()
        node: DOMNode | None = self._pane(self.alone) if self.alone else None
        while node is not None and node is not self.root:
            around = node.parent
            alone |= {node.id or ""}
            beside |= {pane.id or "" for pane in (around.children if around else ())}
            node = around
        return alone, beside - alone

    def focused(self, name: str | None) -> None:
        """Keys act on another pane: it is seen."""
        if name not in self.plan.reach or name is None:
            return
        self.active = name
        if self.alone not in {None, name}:
            self.alone = name if self._shares_room(name, str(self.alone)) else None
            self.apply()
        for reach in self.plan.reach[name]:
            if reach.sign > 0 and self._pane(reach.sized).has_class("-away"):
                self._keep(f"{self.plan.name}.{reach.sized}.away", None)

    def _shares_room(self, one: str, other: str) -> bool:
        return self._pane(one).parent is self._pane(other).parent

    # What keys do.

    def toggle_alone(self) -> None:
        """Give the pane in use the whole room, or share it again."""
        self.alone = None if self.alone else self.active
        self.apply()

    def toggle_away(self) -> None:
        """Put away the pane beside the one in use, or the one in use; again brings it back."""
        self.alone = None
        name, sign = self.plan.reach[self.active][0]
        if sign > 0:
            self.use(self.plan.panes[1])
        if name == self.plan.closed:
            self._pane(name).display = False
            self.apply()
            return
        key = f"{self.plan.name}.{name}.away"
        self._keep(key, None if self.store.read_user().layout.get(key) else 1)

    def reset(self) -> None:
        """Every pane as it was at first."""
        self.alone = None
        layout = self.store.read_user().layout
        mine = f"{self.plan.name}."
        self.store.write_layout({k: v for k, v in layout.items() if not k.startswith(mine)})
        self.apply()

    def grow(self, by: int) -> None:
        """Give the pane in use more room, or with a negative number less."""
        for reach in self.plan.reach[self.active]:
            pane = self._pane(reach.sized)
            if pane.display and pane.size:
                beside = self._is_beside(reach.sized)
                size = pane.outer_size.width if beside else pane.outer_size.height
                step = BY_KEY[0 if beside else 1] * by * reach.sign
                self._resize(reach.sized, size + step, beside=beside)
                self._save(reach.sized)
                return

    # What the mouse does.

    def take(self, event: events.MouseEvent) -> bool:
        """Whether a mouse event was about a border, which it moved or reset."""
        if isinstance(event, events.MouseDown):
            return event.button == 1 and self._grip(event.x, event.y)
        if self._held is None:
            return False
        name, dragged = self._held
        if isinstance(event, events.MouseUp):
            self._held = None
            if dragged:
                self._save(name)
            return dragged or not isinstance(self._pane(name), Pane)
        if isinstance(event, events.MouseMove) and event.button:
            self._held = (name, True)
            region, beside = self._pane(name).region, self._is_beside(name)
            self._resize(
                name, region.right - event.x if beside else region.bottom - event.y, beside=beside
            )
            return True
        return False

    def _grip(self, x: int, y: int) -> bool:
        """Take hold of the border at a cell; a second time at once resets it."""
        name = next((name for name in self.plan.sized if self._is_border(name, x, y)), None)
        self._held = None if name is None else (name, False)
        if name is None:
            return False
        pane, now = self._pane(name), monotonic()
        on_title = isinstance(pane, Pane) and x < pane.region.x + pane.title_width + 4
        twice = self._clicked[0] == name and now - self._clicked[1] < TWICE and not on_title
        self._clicked = (name, 0.0 if twice else now)
        if twice:
            self._held = None
            self._keep(self._key(name, beside=self._is_beside(name)), None)
        # A title is there to be clicked too.
        return not isinstance(pane, Pane) or twice

    def _is_border(self, name: str, x: int, y: int) -> bool:
        pane = self._pane(name)
        region = pane.region
        if not pane.display or not region or self.alone is not None:
            return False
        if self._is_beside(name):
            return x in {region.x - 1, region.x} and region.y < y < region.bottom - 1
        return y == region.y and region.x <= x < region.right

    # What both do.

    def _resize(self, name: str, size: int, *, beside: bool) -> None:
        """Give a pane so many cells or rows, held to what the others need."""
        pane = self._pane(name)
        around = pane.parent
        if not isinstance(around, Widget):
            return
        room, least = (
            (around.size.width, LEAST_WIDE) if beside else (around.size.height, LEAST_HIGH)
        )
        size = max(least, min(size, room - least))
        # A little more, so that the percentage comes back to whole cells when it is rounded down.
        share = f"{100 * (size + 0.1) / max(room, 1):.2f}%"
        if beside:
            pane.styles.width, pane.styles.max_width = share, "100%"
        else:
            pane.styles.height, pane.styles.max_height = share, "100%"

    def _save(self, name: str) -> None:
        beside = self._is_beside(name)
        scalar = self._pane(name).styles.width if beside else self._pane(name).styles.height
        if scalar is not None:
            self._keep(self._key(name, beside=beside), round(scalar.value, 2))

    def _keep(self, key: str, value: float | None) -> None:
        kept = {k: v for k, v in self.store.read_user().layout.items() if k != key}
        self.store.write_layout(kept if value is None else {**kept, key: value})
        self.apply()


@runtime_checkable
class Arranged(Protocol):
    """A screen whose panes a person arranges."""

    @property
    def arrangement(self) -> Arrangement:
        """How they stand."""
