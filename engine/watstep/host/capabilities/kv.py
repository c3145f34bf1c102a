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
    from watstep.host.tape import HostCall

_T = TypeVar("_T")

_MOST_PAGES = 1 << 14
"""Of 4 KiB each, for what is kept in memory."""

_ERRORS = {
    "SQLITE_BUSY": ErrorCode.ETIMEDOUT,
    "SQLITE_LOCKED": ErrorCode.ETIMEDOUT,
    "SQLITE_READONLY": ErrorCode.EACCESS,
    "SQLITE_PERM": ErrorCode.EACCESS,
    "SQLITE_FULL": ErrorCode.ELIMIT,
    "SQLITE_TOOBIG": ErrorCode.ETOOBIG,
}
"""By the name of SQLite's error without what follows its second word; all others are EIO."""


def _database(context: Context) -> sqlite3.Connection:
    import sqlite3

    connection: sqlite3.Connection | None = context.kept("kv")
    if connection is None:
        scope = context.scope("kv")
        # Calls come from a thread of their own, closing from whoever ends the run.
        connection = sqlite3.connect(
            scope[0] if scope else ":memory:", check_same_thread=False, isolation_level=None
        )
        context.keep("kv", connection, connection.close)
        # Another program may have put anything under a key.
        connection.text_factory = bytes
        if not scope:
            connection.execute(f"pragma max_page_count = {_MOST_PAGES}")
    connection.execute(f"pragma busy_timeout = {int(context.patience * 1000)}")
    connection.execute("create table if not exists kv (key text primary key, value text not null)")
    return connection


def _guarded(action: Callable[[], _T]) -> _T:
    """What `action` answers; raises `HostError` where SQLite cannot."""
    import sqlite3

    try:
        return action()
    except sqlite3.Error as error:
        name = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
        raise HostError(_ERRORS.get(name, ErrorCode.EIO)) from error


def _get(context: Context, key: str) -> str:
    query = "select value from kv where key = ?"
    row = _guarded(lambda: _database(context).execute(query, (key,)).fetchone())
    if row is None:
        raise HostError(ErrorCode.ENOENT)
    value = row[0]
    try:
        return value.decode("utf-8") if isinstance(value, bytes) else str(value)
    except UnicodeDecodeError as error:
        raise HostError(ErrorCode.EUTF8) from error


def _set(context: Context, key: str, value: str) -> None:
    query = "insert into kv values (?, ?) on conflict (key) do update set value = excluded.value"
    _guarded(lambda: _database(context).execute(query, (key, value)))


def _del(context: Context, key: str) -> None:
    query = "delete from kv where key = ?"
    done = _guarded(lambda: _database(context).execute(query, (key,)))
    if done.rowcount == 0:
        raise HostError(ErrorCode.ENOENT)


def _restore(context: Context, call: HostCall) -> None:
    """Keep in memory what a call that was not made says is kept; a file is the world's own."""
    key = call.arguments[0].text
    if context.scope("kv") or key is None:
        return
    texts = {"kv.set": call.arguments[-1].text, "kv.get": call.results[0].text}
    value = texts.get(call.function)
    if call.error is None and value is not None:
        _set(context, key, value)
    elif call.error == ErrorCode.ENOENT.name or (call.error is None and call.function == "kv.del"):
        _guarded(lambda: _database(context).execute("delete from kv where key = ?", (key,)))


def _check_scope(scope: tuple[str, ...]) -> str | None:
    if len(scope) > 1 or "" in scope:
        return "`kv` takes one database file, `--grant kv=notes.db`, or none for memory"
    return None


KV = Capability(
    "kv",
    "texts under keys",
    "a database file; none = in memory",
    (
        HostFunction(
            "get",
            (("key", Takes.TEXT),),
            Gives.TEXT,
            "the text under a key; ENOENT",
            _get,
            (
                ErrorCode.EINVAL,
                ErrorCode.ENOENT,
                ErrorCode.EACCESS,
                ErrorCode.ENOMEM,
                ErrorCode.ETIMEDOUT,
                ErrorCode.ETOOBIG,
                ErrorCode.EUTF8,
                ErrorCode.EIO,
            ),
        ),
        HostFunction(
            "set",
            (("key", Takes.TEXT), ("value", Takes.TEXT)),
            Gives.ERROR,
            "put a text under a key",
            _set,
            (
                ErrorCode.EINVAL,
                ErrorCode.EACCESS,
                ErrorCode.ETIMEDOUT,
                ErrorCode.ETOOBIG,
                ErrorCode.EUTF8,
                ErrorCode.EIO,
                ErrorCode.ELIMIT,
            ),
        ),
        HostFunction(
            "del",
            (("key", Takes.TEXT),),
            Gives.ERROR,
            "take a key away; ENOENT",
            _del,
            (
                ErrorCode.EINVAL,
                ErrorCode.ENOENT,
                ErrorCode.EACCESS,
                ErrorCode.ETIMEDOUT,
                ErrorCode.EUTF8,
                ErrorCode.EIO,
            ),
        ),
    ),
    _check_scope,
    outside=True,
    restore=_restore,
)
