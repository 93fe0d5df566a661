"""Writing a world: one transaction of the owner, COPY into bare tables, keys and indexes built afterwards."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection, sql

from tracker.commands.seed.block import Communes
from tracker.commands.seed.catalogue import Statement, catalogue_of
from tracker.commands.seed.rows import rows_of
from tracker.commands.seed.scales import Plan, Quota, quotas_of
from tracker.commands.seed.tables import AFTERWARDS, TABLES
from tracker.plumbing.leash import die_with_parent

# Blocks made ahead of the one being written: enough that the database never waits, few enough for the memory.
AHEAD = 4
MAKERS = 2
# One write of COPY; larger ones only hold memory.
PIECE = 1 << 20
_SETTINGS = (
    "SET LOCAL synchronous_commit = off",
    "SET LOCAL maintenance_work_mem = '512MB'",
    "SET LOCAL work_mem = '256MB'",
    "SET LOCAL max_parallel_maintenance_workers = 2",
)
# Enough for a test or a town, whose communes nobody has loaded.
FEW_COMMUNES: Communes = {
    "37": [
        ("37261", "Tours"),
        ("37122", "Joué-lès-Tours"),
        ("37208", "Saint-Avertin"),
        ("37050", "Chambray-lès-Tours"),
    ],
    "86": [("86194", "Poitiers"), ("86066", "Châtellerault"), ("86137", "Loudun"), ("86165", "Montmorillon")],
}


class NotEmpty(Exception):
    """The database holds something already; its text is the name of the table."""


Seconds = dict[str, float]


def load(
    address: str, plan: Plan, password: str, say: Callable[[str], None], afterwards: Sequence[str] = AFTERWARDS
) -> Seconds:
    """Writes the plan into an empty migrated database, all of it or nothing, and gives the seconds of each phase.

    `address`: psycopg's own, of the role that owns the tables. `afterwards`: statements run when all rows stand.
    NotEmpty when a table has rows; psycopg's UndefinedTable when the database is not migrated.
    """
    seconds: Seconds = {}
    tables = list(TABLES)
    with psycopg.connect(address) as connection:
        for setting in _SETTINGS:
            connection.execute(sql.SQL(setting))
        _lock(connection, tables)
        aside = catalogue_of(connection, tables)
        with _timed("rows", seconds, say):
            _run(connection, aside.put_aside)
            connection.execute(sql.SQL("TRUNCATE {}").format(_listed(tables)))
            _copy_all(connection, plan, password, say)
        with _timed("indexes", seconds, say):
            _run(connection, aside.indexes)
            _set_sequences(connection, tables)
            connection.execute(sql.SQL("ANALYZE {}").format(_listed(tables)))
        with _timed("afterwards", seconds, say):
            _run(connection, [sql.SQL("{}").format(sql.SQL(one)) for one in afterwards])
        with _timed("foreign_keys", seconds, say):
            _run(connection, aside.foreign_keys)
            _run(connection, aside.triggers)
        with _timed("commit", seconds, say):
            connection.commit()
    return seconds


@contextmanager
def _timed(phase: str, seconds: Seconds, say: Callable[[str], None]) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[phase] = round(time.perf_counter() - started, 2)
    say(f"{phase} : {seconds[phase]} s")


def _lock(connection: Connection[Any], tables: Sequence[str]) -> None:
    """Takes the tables for this transaction; NotEmpty when one of them has a row."""
    connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(_listed(tables)))
    for table in tables:
        found = connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(sql.Identifier(table))).fetchone()
        if found is not None:
            raise NotEmpty(table)


def _listed(tables: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, tables))


def _run(connection: Connection[Any], statements: Sequence[Statement]) -> None:
    for statement in statements:
        connection.execute(statement)


def _set_sequences(connection: Connection[Any], tables: Sequence[str]) -> None:
    for table in tables:
        statement = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}")
        connection.execute(statement.format(sql.Literal(table), sql.Identifier(table)))


def communes_of(connection: Connection[Any]) -> Communes:
    """The communes by département as they were loaded, or a few of them."""
    found: Communes = {}
    rows = connection.execute('SELECT code, name, department_code FROM commune ORDER BY code COLLATE "C"')
    for code, name, department in rows:
        found.setdefault(department, []).append((code, name))
    return found or FEW_COMMUNES


def _copy_all(connection: Connection[Any], plan: Plan, password: str, say: Callable[[str], None]) -> None:
    quotas = quotas_of(plan)
    communes = communes_of(connection)
    for done, rows in enumerate(_made(plan, quotas, communes, password), start=1):
        for table, text in rows.items():
            _copy(connection, table, text)
        if done % max(10, len(quotas) // 10) == 0:
            say(f"{done} / {len(quotas)}")


def _copy(connection: Connection[Any], table: str, text: bytes) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, TABLES[table]))
    # Frozen: the table was emptied in this very transaction, and nobody else can see it before its end.
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FREEZE)").format(sql.Identifier(table), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for start in range(0, len(text), PIECE):
            copy.write(text[start : start + PIECE])


def _made(plan: Plan, quotas: Sequence[Quota], communes: Communes, password: str) -> Iterator[dict[str, bytes]]:
    """The rows of each block in order; several blocks are made by processes beside this one."""
    if len(quotas) == 1:
        yield rows_of(plan, quotas[0], communes, password)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(MAKERS, context, _prepare, (os.getpid(), plan, communes, password)) as pool:
        waiting: deque[Future[dict[str, bytes]]] = deque()
        for quota in quotas:
            waiting.append(pool.submit(_make, quota))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


class _Maker:
    """What a process beside this one was given at its start."""

    given: tuple[Plan, Communes, str]


def _prepare(parent: int, plan: Plan, communes: Communes, password: str) -> None:
    die_with_parent(parent, signal.SIGKILL)
    _Maker.given = plan, communes, password


def _make(quota: Quota) -> dict[str, bytes]:
    plan, communes, password = _Maker.given
    return rows_of(plan, quota, communes, password)
