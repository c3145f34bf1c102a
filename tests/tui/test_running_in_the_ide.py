"""Runs in the IDE: grants, results, stopping, and stepping on the tape of the run just made."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support import EXAMPLES
from tests.tui.driving import Desk, ide, until
from watstep.cli.demo_server import DemoServer
from watstep.host.grants import parse_grants
from watstep.host.settings import RunLimits, RunSettings
from watstep_tui.screens.stepping import SteppingScreen
from watstep_tui.widgets.choice import Choice

FETCH = (EXAMPLES / "fetch.wat").read_text("utf-8")
LOOP = ";; profile: core\n(loop $l (br $l))\n(i32.const 0)\n"
POSTS = """(local $e i32) (call $http.post "{0}" "x" "text/plain")
(local.set $e) (local.set $e) (call $http.get "{0}") (local.set $e)"""


async def test_a_missing_grant_is_asked_for(tmp_path: Path) -> None:
    """The dialog names call, capability and scope; `This run` grants it once, and no further."""
    with DemoServer() as server:
        settings = RunSettings((server.url,))
        async with ide(tmp_path / "a.wat", FETCH, settings=settings) as desk:
            await desk.press("f5")
            assert desk.dialog == "GrantDialog"
            seen = desk.seen
            assert "http.get" in seen
            assert "12:7" in seen
            assert server.host in seen
            await desk.press("escape")
            assert "was not granted" in desk.status
            assert not desk.tab("Result")
            # Enter alone grants nothing yet: it begins at the scope.
            await desk.press("f5", "enter")
            assert desk.dialog == "GrantDialog"
            await desk.press("enter")
            assert "returned 0" in desk.tab("Result")
            assert desk.tab("Result")[1].startswith("value héllo from watstep")
            assert 'http.get("http://127.0.0.1' in "\n".join(desk.tab("Host calls"))
            assert desk.tab("Log") == ["fetched the URL successfully"]
            # The run just made can be stepped through; a new one asks again.
            await desk.press("f6")
            assert isinstance(desk.app.screen, SteppingScreen)
            await desk.press("e", "f5")
            assert desk.dialog == "GrantDialog"


async def test_a_grant_for_the_file_is_kept_until_the_program_needs_more(tmp_path: Path) -> None:
    """Kept grants hold for one path and one set of needs, across starts of the IDE."""
    path = tmp_path / "a.wat"
    with DemoServer() as server:
        settings = RunSettings((server.url,))
        async with ide(path, FETCH, settings=settings) as desk:
            await desk.press("f5", "enter", "right", "enter")
            assert "returned 0" in desk.tab("Result")
        async with ide(path, settings=settings) as desk:
            await desk.press("f5")
            assert "returned 0" in desk.tab("Result")
            await desk.write(POSTS.format(server.url))
            await desk.press("f5")
            assert desk.dialog == "GrantDialog"
            assert "http.post" in desk.seen
        async with ide(path, FETCH, settings=settings) as desk:
            await desk.press("alt+s")
            await desk.fill("b.wat")
            await desk.press("enter", "f5")
            assert desk.dialog == "GrantDialog"


async def test_a_scope_that_makes_no_sense_is_refused(tmp_path: Path) -> None:
    """It is said at the field; nothing runs."""
    async with ide(tmp_path / "a.wat", FETCH) as desk:
        await desk.press("f5")
        await desk.type("http://x/")
        await desk.press("enter", "enter")
        assert desk.dialog == "GrantDialog"
        assert "is no host" in desk.seen


@pytest.mark.parametrize("key", ["escape", "shift+f5"])
async def test_stop(key: str, tmp_path: Path) -> None:
    """Escape and Shift+F5 end a run; the status line says how long it has been running."""
    limits = RunLimits(fuel=1 << 62)
    async with ide(tmp_path / "a.wat", LOOP, settings=RunSettings(limits=limits)) as desk:
        await desk.pilot.press("f5")
        await until(
            desk.pilot,
            lambda: desk.status.startswith("running ") and "0.0 s" not in desk.status,
        )
        begun = time.monotonic()
        await desk.pilot.press(key)
        await desk.app.workers.wait_for_complete()
        assert time.monotonic() - begun < 10
        await desk.pilot.pause()
        assert "✗ trap cancelled: the run was stopped" in desk.tab("Result")


async def test_a_stopped_loop_is_stepped_from_its_start(tmp_path: Path) -> None:
    """Its end lies at no known instant, so F6 does not look for it."""
    settings = RunSettings(limits=RunLimits(fuel=1 << 62))
    async with ide(tmp_path / "a.wat", LOOP, settings=settings) as desk:
        await desk.pilot.press("f5")
        await until(desk.pilot, lambda: desk.status.startswith("running "))
        await desk.press("escape", "f6", "3", "s")
        screen = desk.app.screen
        assert isinstance(screen, SteppingScreen)
        assert screen.snapshot is not None
        assert screen.snapshot.instant == 3
        assert screen.snapshot.state.last_instant is None


async def test_a_trap_is_shown_with_its_place(tmp_path: Path) -> None:
    """Enter on a trap goes to the form that trapped."""
    text = ";; profile: core\n(i32.const 1)\n(i32.const 0)\n(i32.div_s)\n"
    async with ide(tmp_path / "a.wat", text) as desk:
        await desk.press("f5")
        assert desk.tab("Result")[0].startswith("✗ trap integer divide by zero")
        assert desk.tab("Result")[1] == "at 4:1 in $run (i32.div_s)"
        await desk.press("f7", "enter")
        assert desk.place() == (4, 1)


LOGS = """(local $n i32)
(loop $again
  (call $dbg.i32 (local.get $n))
  (local.set $n (i32.add (local.get $n) (i32.const 1)))
  (br_if $again (i32.lt_s (local.get $n) (i32.const 3)))
)
(call $dbg.i32 (i32.const 9))
(i32.const 0)
"""


async def test_enter_on_a_call_goes_to_its_line(tmp_path: Path) -> None:
    """Also where several forms call the same function, by repeating the run on its tape."""
    async with ide(tmp_path / "a.wat", LOGS) as desk:
        await desk.press("f5")
        assert desk.tab("Log") == ["0", "1", "2", "9"]
        desk.ide.panel.open_tab("Log")
        await desk.press("f7", "down", "down", "down", "enter")
        assert desk.place() == (7, 1)
        await desk.press("f7", "up", "enter")
        assert desk.place() == (3, 3)


async def changed_by(desk: Desk, what: str) -> None:
    """Change something that decides a run."""
    if what == "text":
        desk.ide.editor.insert(" ", (0, 0))
    else:
        await desk.press("ctrl+r")
        await desk.type("more\n")
        desk.app.screen.query(Choice).first().action_choose()
        await desk.press()


@pytest.mark.parametrize("what", ["text", "arguments"])
async def test_f6_takes_the_tape_only_of_the_same_run(what: str, tmp_path: Path) -> None:
    """DESIGN.md 6: F6 after F5 calls nothing again, nor after an edit; other arguments do."""
    with DemoServer() as server:
        settings = RunSettings((server.url,), parse_grants([f"http={server.host}"]))
        async with ide(tmp_path / "a.wat", FETCH, settings=settings) as desk:
            await desk.press("f5", "f6")
            screen = desk.app.screen
            assert isinstance(screen, SteppingScreen)
            assert "nothing is called again" in screen.opening
            await desk.press("e")
            await changed_by(desk, what)
            await desk.press("f6")
            screen = desk.app.screen
            assert isinstance(screen, SteppingScreen)
            if what == "text":
                await desk.press()
                assert screen.snapshot is not None
                assert "alike to the end" in screen.snapshot.stop.message
            else:
                assert f"the {what} changed" in screen.opening


async def test_the_run_settings(tmp_path: Path) -> None:
    """Arguments, grants and limits decide the next run and are kept for the file."""
    path = tmp_path / "a.wat"
    text = "(call $sys.argc)"
    async with ide(path, text) as desk:
        await desk.press("ctrl+r")
        assert desk.dialog == "SettingsDialog"
        await desk.type("one\ntwo words\n")
        await desk.type('""')
        await desk.press("tab")
        for _ in range(20):
            if desk.app.focused is not None and desk.app.focused.id == "limit-fuel":
                break
            await desk.press("tab")
        await desk.type("x")
        await desk.press("enter")
        assert desk.dialog == "SettingsDialog"
        assert "a whole number of units" in desk.seen
        await desk.press("ctrl+u", "backspace")
        await desk.type("5,000")
        await desk.press("enter")
        assert not desk.dialog
        await desk.press("f5")
        assert "returned 3" in desk.tab("Result")
        assert desk.ide.running.runs.settings.arguments == ("one", "two words", "")
        assert desk.ide.running.runs.settings.limits.fuel == 5000
    async with ide(path) as desk:
        assert desk.ide.running.runs.settings.arguments == ("one", "two words", "")
        assert desk.ide.running.runs.settings.limits.fuel == 5000
    # The command line comes before what was kept.
    async with ide(path, settings=RunSettings(("other",))) as desk:
        assert desk.ide.running.runs.settings.arguments == ("other",)


async def test_a_capability_that_was_taken_away_is_asked_for(tmp_path: Path) -> None:
    """`sys` and `dbg` are given unless a person takes them away."""
    settings = RunSettings(grants=parse_grants([], ["sys"]))
    async with ide(tmp_path / "a.wat", "(call $sys.argc)", settings=settings) as desk:
        await desk.press("f5")
        assert desk.dialog == "GrantDialog"
        assert "this capability has no scope" in desk.seen
        await desk.press("enter")
        assert "was not granted" in desk.status
        await desk.press("f5", "right", "enter")
        assert "returned 0" in desk.tab("Result")


async def test_f5_while_stepping_is_a_new_live_run(tmp_path: Path) -> None:
    """F5 is never ignored: the session begins a new run."""
    async with ide(tmp_path / "a.wat", LOGS) as desk:
        await desk.press("f5", "f6", "n", "n", "f5")
        screen = desk.app.screen
        assert isinstance(screen, SteppingScreen)
        assert screen.snapshot is not None
        assert screen.snapshot.state.position.instant == 0
        assert screen.snapshot.state.last_instant is None


TWO_CAPABILITIES = """(func $keep (result i32)
  (local $e i32)
  (local.set $e (call $kv.set "a" "b"))
  (local.get $e))
(local $e i32) (local $p i32)
(call $http.post "http://h:1/" "x" "text/plain")
(local.set $e) (local.set $p)
(call $kv.get "a")
(local.set $e) (local.set $p)
(call $http.get "http://h:1/")
(local.set $e) (local.set $p)
(call $keep)
"""


async def test_each_call_is_told_with_its_own_place(tmp_path: Path) -> None:
    """Of two capabilities too, whose calls stand in another order than they are imported in."""
    async with ide(tmp_path / "a.wat", TWO_CAPABILITIES, settings=RunSettings()) as desk:
        await desk.press("f5")
        assert desk.dialog == "GrantDialog"
        seen = desk.seen
        assert seen.index("kv.set  3:23 ") < seen.index("kv.get  8:7 ")
        await desk.press("enter", "enter")
        seen = desk.seen
        assert seen.index("http.post  6:7 ") < seen.index("http.get  10:7 ")


LACKING = """(module (import "kv" "get" (func $get (param i32) (result i32 i32)))
  (import "env" "memory" (memory {0})) {1})
"""
RUNS = '(func (export "run") (result i32) (drop (call $get (i32.const 0))))'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LACKING.format(1, ""), "not run: nothing to run: export a function `run`"),
        (LACKING.format(9, RUNS), "not run: the program needs 9 pages of memory, the limit is 8"),
    ],
    ids=["no run", "memory"],
)
@pytest.mark.parametrize("key", ["f5", "f6"])
async def test_what_cannot_start_is_not_asked_about(
    key: str, text: str, said: str, tmp_path: Path
) -> None:
    """The checks of the command line come first: no grant would make the program run."""
    settings = RunSettings(limits=RunLimits(memory_pages=8))
    async with ide(tmp_path / "a.wat", ";; profile: core\n" + text, settings=settings) as desk:
        await desk.press(key)
        assert desk.dialog == ""
        assert desk.status.startswith(said)
        assert ("or with ^R" in desk.status) == ("memory" in said)
