"""The IDE's one working screen: source and expansion linked, problems and status below."""

from __future__ import annotations

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer, Static

from watstep.debug.session import Recorded
from watstep.errors import UsageError
from watstep.host.context import Cancellation
from watstep.host.grants import missing_grants
from watstep.host.settings import RunSettings
from watstep.machine.outcome import Outcome
from watstep.machine.start import start_problems
from watstep.pipeline import Compilation, Program
from watstep.source.diagnostic import Severity
from watstep.source.render import printable
from watstep.source.text import Source, Span
from watstep_tui.compiling import Compiler
from watstep_tui.screens.dialogs import QuestionDialog
from watstep_tui.screens.stepping import SteppingScreen
from watstep_tui.theming import Look
from watstep_tui.widgets.editor import Editor
from watstep_tui.widgets.expansion import ExpansionView
from watstep_tui.workspace import Workspace

DISK_PAUSE = 1.5
"""Seconds between looks at whether another program wrote the file."""
KEEP_PAUSE = 1.0
"""Seconds without a key after which unsaved work is kept."""


def rows_of(source: Source, spans: tuple[Span, ...]) -> dict[int, tuple[int, int]]:
    """The characters that spans cover, by row from 0; a row's parts are joined."""
    rows: dict[int, tuple[int, int]] = {}
    for span in spans:
        for line in range(source.line_of(span.start), source.line_of(max(span.end - 1, 0)) + 1):
            start = source.line_starts[line - 1]
            size = len(source.line_text(line))
            first, after = max(span.start - start, 0), min(span.end - start, size)
            old = rows.get(line - 1, (first, after))
            rows[line - 1] = (min(first, old[0]), max(after, old[1]))
    return rows


class IdeScreen(Screen[None]):
    """Editing: what is typed is compiled beside it."""

    DEFAULT_CSS = """
    IdeScreen { layout: vertical; }
    #code { layout: horizontal; height: 1fr; }
    #code > * { width: 1fr; height: 1fr; border: round $panel; border-title-color: $foreground; }
    #code > *:focus { border: round $primary; }
    .-narrow #code { layout: vertical; }
    #output { display: none; height: auto; max-height: 8; border: round $panel; padding: 0 1;
        border-title-color: $foreground; }
    #status { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    #too-small { display: none; }
    .-tiny #code, .-tiny Footer { display: none; }
    .-tiny #too-small { display: block; width: 1fr; height: 1fr; content-align: center middle; }
    """
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  Textual declares it on the instance.
        (0, "-tiny"),
        (60, "-narrow"),
        (110, "-wide"),
    ]

    def __init__(self, workspace: Workspace, text: str, look: Look, settings: RunSettings) -> None:
        """Edit `text`, which belongs to the workspace's file."""
        super().__init__()
        self.workspace = workspace
        self.saved_text = text
        self.settings = settings
        self.cancellation: Cancellation | None = None
        self.output_text = ""
        self.last_run: tuple[str, Outcome] | None = None
        self.editor = Editor(text, look, id="source")
        self.view = ExpansionView(look, id="expansion")
        self.compilation: Compilation | None = None
        self.compiler = Compiler(self.show_compilation)
        self._keep_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Panes above, status and footer below."""
        with Container(id="code"):
            yield self.editor
            yield self.view
        yield Static("watstep needs 60 columns", id="too-small")
        yield Static(id="output", markup=False)
        yield Static(id="status", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Paint first, compile after."""
        self._show_name()
        self.view.border_title = "Expansion"
        self.editor.focus()
        self.call_after_refresh(self.compile)
        self.set_interval(DISK_PAUSE, self.look_at_disk)

    @property
    def unsaved(self) -> bool:
        """Whether the text differs from the file's."""
        return self.editor.text != self.saved_text

    @on(Editor.Changed)
    def compile_soon(self) -> None:
        """Compile once what was typed is painted; keep unsaved work after a pause."""
        self.call_after_refresh(self.compile)
        if self._keep_timer:
            self._keep_timer.stop()
        self._keep_timer = self.set_timer(KEEP_PAUSE, self.keep)
        self._show_name()

    def keep(self) -> None:
        """Put unsaved work where it outlives a crash."""
        if self.unsaved:
            self.workspace.keep(self.editor.text)
        else:
            self.workspace.forget_recovery()

    def compile(self) -> None:
        """Compile the text as it stands, away from the keyboard."""
        if self.compiler.ask(Source(self.workspace.name, self.editor.text)):
            self.run_worker(self.compiler.work(), group="compile")

    def show_compilation(self, found: Compilation) -> None:
        """Bring expansion, problems and status up to date, unless the text has moved on."""
        if found.source.text != self.editor.text:
            return
        self.compilation = found
        self.view.show(found.expansion.full)
        underlines: dict[int, list[tuple[int, int]]] = {}
        messages: dict[int, str] = {}
        for problem in found.diagnostics:
            span = Span(problem.span.start, max(problem.span.end, problem.span.start + 1))
            for row, characters in rows_of(found.source, (span,)).items():
                underlines.setdefault(row, []).append(characters)
            messages.setdefault(found.source.line_of(span.start) - 1, problem.message)
        self.editor.show_problems(underlines, messages)
        self.query_one("#status", Static).update(self.status(found))
        self.link()

    def status(self, found: Compilation) -> str:
        """The line that answers as you type."""
        errors = sum(problem.severity is Severity.ERROR for problem in found.diagnostics)
        if found.program is None:
            return f"EDITING  {errors} {'problem' if errors == 1 else 'problems'}"
        before = len(found.source.line_starts)
        after = len(found.expansion.full.as_source.line_starts)
        return f"EDITING  {before} lines → {after} · {len(found.program.binary)} B wasm"

    @on(Editor.SelectionChanged)
    def link(self) -> None:
        """Light up in both panes the form that begins on the cursor's line."""
        found = self.compilation
        if found is None or found.source.text != self.editor.text:
            return
        row = self.editor.selection.end[0]
        start = found.source.line_starts[row]
        text = found.source.line_text(row + 1)
        rendering = found.expansion.full
        spans = rendering.rendered_spans(Span(start, start + len(text)))
        beside = row - self.editor.scroll_offset.y
        self.view.show_linked(rows_of(rendering.as_source, spans), beside)

    @on(Editor.BreakpointToggled)
    def toggle_from_gutter(self, event: Editor.BreakpointToggled) -> None:
        """A click in the gutter."""
        self.editor.toggle_breakpoint(event.line)

    def action_toggle_breakpoint(self) -> None:
        """The cursor's line."""
        self.editor.toggle_breakpoint(self.editor.selection.end[0] + 1)

    def look_at_disk(self) -> bool:
        """Offer what another program wrote into the file; whether there was something to offer."""
        if self.app.screen is not self:
            return False
        changed = self.workspace.changed_on_disk()
        if changed is None:
            return False
        if changed == self.editor.text:
            self.saved_text = changed
            return False
        question = f"{self.workspace.name} was changed by another program."
        dialog = QuestionDialog(question, ("Reload", "Keep mine"))
        self.app.push_screen(dialog, lambda answer: self.take_disk(answer, changed))
        return True

    def take_disk(self, answer: str | None, changed: str) -> None:
        """Take the file's text as one edit, which undo takes back; or keep what stands here."""
        self.saved_text = changed
        if answer == "Reload":
            self.editor.replace(changed, (0, 0), self.editor.document.end)
        self.compile_soon()

    def action_save(self) -> None:
        """Write the file, or say why not; what another program wrote is offered first."""
        if self.look_at_disk():
            return
        try:
            self.workspace.save(self.editor.text)
        except OSError as error:
            self.notify(str(error), title="not saved", severity="error")
            return
        self.saved_text = self.editor.text
        self._show_name()
        self.notify(f"saved {self.workspace.name}")

    def action_copy_expansion(self) -> None:
        """To the terminal's clipboard."""
        self.app.copy_to_clipboard(self.view.text)
        self.notify("copied the expansion")

    def action_next_problem(self) -> None:
        """The next problem after the cursor, else the first."""
        self._go_to_problem(1)

    def action_previous_problem(self) -> None:
        """The last problem before the cursor, else the last."""
        self._go_to_problem(-1)

    def _go_to_problem(self, direction: int) -> None:
        found = self.compilation
        if found is None or not found.diagnostics:
            self.notify("no problems")
            return
        starts = sorted({problem.span.start for problem in found.diagnostics})
        places = [found.source.position(start) for start in starts]
        locations = [(place.line - 1, place.column - 1) for place in places]
        here = self.editor.selection.end
        if direction > 0:
            chosen = next((place for place in locations if place > here), locations[0])
        else:
            chosen = next((p for p in reversed(locations) if p < here), locations[-1])
        self.editor.move_cursor(chosen)

    def action_run(self) -> None:
        """Run the program as it stands; one run at a time."""
        found = self.compilation
        if self.cancellation is not None:
            self.notify("a run is going on: stop it first")
        elif found is None or found.source.text != self.editor.text:
            self.notify("still compiling")
        elif found.program is None:
            self.action_next_problem()
        else:
            self.run_program(found.program)

    def run_program(self, program: Program) -> None:
        """Start it unless it needs a grant that it was not given."""
        missing = missing_grants(
            program.module, self.settings.grants, program.rendering.source_span
        )
        if missing:
            self.show_output("\n".join(problem.message for problem in missing))
            return
        self.cancellation = Cancellation()
        self.show_output("running")
        self.run_in_thread(program, self.cancellation)

    @work(thread=True, group="run")
    def run_in_thread(self, program: Program, cancellation: Cancellation) -> None:
        """Wait for the run away from the keyboard."""
        # wasmtime is loaded with the first run, so that the first paint need not wait for it.
        from watstep.native.runner import run_native

        try:
            outcome = run_native(program, self.settings, cancellation=cancellation)
            self.last_run = (program.source.text, outcome)
            shown = outcome_text(outcome)
        except UsageError as error:
            shown = str(error)
        self.app.call_from_thread(self.finish_run, shown)

    def action_debug(self) -> None:
        """Step: through the run just made on its tape, else through a new live run."""
        found = self.compilation
        if found is None or found.source.text != self.editor.text:
            self.notify("still compiling")
        elif found.program is None:
            self.action_next_problem()
        else:
            self.open_stepping(found.program)

    def open_stepping(self, program: Program) -> None:
        """Open the stepping screen, unless the program may not start."""
        problems = start_problems(program, self.settings)
        if problems:
            self.show_output("\n".join(problem.message for problem in problems))
            return
        recorded = None
        if self.last_run and self.last_run[0] == program.source.text:
            outcome = self.last_run[1]
            recorded = Recorded(outcome.calls, outcome.trap)
        look = self.editor.look
        lines = set(self.editor.breakpoints)
        stepping = SteppingScreen(program, self.settings, recorded, lines, look)
        self.app.push_screen(stepping, self.take_breakpoints)

    def take_breakpoints(self, lines: set[int] | None) -> None:
        """Breakpoints that were set while stepping stay in the text."""
        if lines is not None:
            self.editor.breakpoints = set(lines)
            self.editor.refresh()

    def finish_run(self, shown: str) -> None:
        """Show how it ended."""
        self.cancellation = None
        self.show_output(shown)

    def action_stop(self) -> None:
        """End the run."""
        if self.cancellation is not None:
            self.cancellation.cancel()

    def _show_name(self) -> None:
        """The file's name over its text, marked while it holds unsaved work."""
        name = f"{self.workspace.name} {'●' if self.unsaved else ''}".strip()
        self.editor.border_title = Text(printable(name))

    def show_output(self, text: str) -> None:
        """Put text into the pane under the code."""
        self.output_text = text
        pane = self.query_one("#output", Static)
        pane.border_title = "Result"
        pane.display = True
        pane.update(printable(text))


def outcome_text(outcome: Outcome) -> str:
    """How a run ended, its host calls and its log, for people."""
    if outcome.trap is None:
        ending = f"returned {' '.join(map(str, outcome.results))} · {outcome.fuel} fuel"
    else:
        ending = f"{outcome.trap.kind.value}: {outcome.trap.message}"
    lines = [ending]
    if outcome.value is not None:
        lines.append(f"value  {outcome.value}")
    lines += [f"log    {entry}" for entry in outcome.log]
    lines += [f"call   {call.function} {call.error or 'OK'}" for call in outcome.calls]
    return "\n".join(lines)
