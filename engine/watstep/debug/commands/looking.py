"""Commands that show the state at the position (STEPPING.md L1 to L5)."""

from __future__ import annotations

from watstep.debug import inspecting, reports
from watstep.debug.commands.row import Command, asking

LOOKING: tuple[Command, ...] = (
    Command("state", (), "", "where the run is", asking("state", reports.state)),
    Command("stack", (), "", "the operand stack", asking("stack", reports.stack)),
    Command("locals", (), "", "the locals of the frame", asking("locals", reports.local_slots)),
    Command("calls", (), "", "the host calls up to here", asking("calls", reports.calls)),
    Command(
        "print",
        ("p",),
        "EXPRESSION",
        "a value: $x, stack[0], mem32[16], text[16], fuel, step, depth",
        asking("print", reports.printed),
    ),
    Command(
        "memory",
        ("mem",),
        "ADDRESS [LENGTH]",
        "bytes of the memory, and whose they are",
        asking("memory", inspecting.memory),
    ),
    Command(
        "find",
        (),
        "NUMBER|TEXT",
        "where in the memory a number or a text stands",
        asking("find", inspecting.find),
    ),
    Command(
        "decode",
        (),
        "ADDRESS",
        "what the bytes at an address can be read as",
        asking("decode", inspecting.decode),
    ),
    Command(
        "host", (), "", "what the host holds: result, store, heap", asking("host", inspecting.host)
    ),
    Command(
        "trace",
        (),
        "[FROM [TO]]",
        "instructions that ran, each with the stack after it and what it wrote",
        asking("trace", inspecting.trace),
    ),
    Command(
        "filter",
        (),
        "TEXT|statements",
        "the next instructions of the trace that hold a text, or begin a statement",
        asking("filter", inspecting.filtered),
    ),
    Command(
        "list",
        ("l",),
        "[LINES]",
        "the code around the cursor",
        asking("list", reports.listing),
    ),
)
