"""`kv`: texts under keys, in a SQLite file or in memory for the time of the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from watstep.host.errors import ErrorCode, HostError
from watstep.host.function import Capability, Gives, HostFunction, Takes

if TYPE_CHECKING:
    # Loaded at the first call: most commands only read the table below.
    import sqlite3

    from watstep.host.context import Context

_T = TypeVar("_T")


def _database(context: Context) -> sqlite3.Connection:
    import sqlite3

    kept: sqlite3.Connection | None = context.kept("kv")
    if kept is not None:
        return kept
    scope = context.scope("kv")
    # Calls come from the run's one worker thread, closing from whoever ends the run.
    connection = sqlite3.connect(
        scope[0] if scope else ":memory:",
        timeout=min(context.seconds_left, 5.0),
        check_same_thread=False,
        isolation_level=None,
    )
    connection.execute("create table if not exists kv (key text primary key, value text not null)")
    context.keep("kv", connection, connection.close)
    return connection


def _guarded(action: Callable[[], _T]) -> _T:
    import sqlite3

    try:
        return action()
    except sqlite3.Error as error:
        raise HostError(ErrorCode.EIO) from error


def _get(context: Context, key: str) -> str:
    query = "select value from kv where key = ?"
    row = _guarded(lambda: _database(context).execute(query, (key,)).fetchone())
    if row is None:
        raise HostError(ErrorCode.ENOENT)
    return str(row[0])


def _set(context: Context, key: str, value: str) -> None:
    query = "insert into kv values (?, ?) on conflict (key) do update set value = excluded.value"
    _guarded(lambda: _database(context).execute(query, (key, value)))


def _del(context: Context, key: str) -> None:
    query = "delete from kv where key = ?"
    done = _guarded(lambda: _database(context).execute(query, (key,)))
    if done.rowcount == 0:
        raise HostError(ErrorCode.ENOENT)


def _check_scope(scope: tuple[str, ...]) -> str | None:
    return None if len(scope) < 2 else "`kv` takes one database file, or none for memory"


KV = Capability(
    "kv",
    "texts under keys",
    "a database file; none = in memory",
    (
        HostFunction(
            "get", (("key", Takes.TEXT),), Gives.TEXT, "the text under a key; ENOENT", _get
        ),
        HostFunction(
            "set",
            (("key", Takes.TEXT), ("value", Takes.TEXT)),
            Gives.ERROR,
            "put a text under a key",
            _set,
        ),
        HostFunction("del", (("key", Takes.TEXT),), Gives.ERROR, "take a key away; ENOENT", _del),
    ),
    _check_scope,
)
