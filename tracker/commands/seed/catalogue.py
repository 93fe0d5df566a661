"""What slows a load, put aside and brought back exactly: foreign keys, keys, indexes, triggers.

Everything happens inside the loader's one transaction: whatever breaks, even the machine, the database is as before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql

Statement = sql.Composed
_TOUCHING = "conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[])"
_CONSTRAINTS = f"""
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype = 'f'
    FROM pg_constraint WHERE contype IN ('p', 'u', 'x', 'f') AND ({_TOUCHING})
    ORDER BY contype = 'f', contype <> 'p', conrelid::regclass::text, conname
"""
_INDEXES = """
    SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indrelid = ANY(%(tables)s::regclass[])
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
    ORDER BY 1, 2
"""
_TRIGGERS = """
    SELECT tgrelid::regclass::text, tgname FROM pg_trigger
    WHERE tgrelid = ANY(%(tables)s::regclass[]) AND NOT tgisinternal AND tgenabled = 'O' ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Catalogue:
    """The statements that put aside, and those that bring back."""

    put_aside: tuple[Statement, ...]
    indexes: tuple[Statement, ...]
    foreign_keys: tuple[Statement, ...]
    triggers: tuple[Statement, ...]


def catalogue_of(connection: Connection[Any], tables: list[str]) -> Catalogue:
    """Everything on these tables, and the foreign keys of others that point to them."""
    given = {"tables": tables}
    constraints = connection.execute(_CONSTRAINTS, given).fetchall()
    indexes = connection.execute(_INDEXES, given).fetchall()
    triggers = connection.execute(_TRIGGERS, given).fetchall()
    drops = [_alter(table, "DROP CONSTRAINT {}", name) for table, name, _, _ in reversed(constraints)]
    drops += [sql.SQL("DROP INDEX {}").format(sql.Identifier(name)) for _, name, _ in indexes]
    sleeps = [_alter(table, "DISABLE TRIGGER {}", name) for table, name in triggers]
    return Catalogue(
        (*sleeps, *drops),
        (*_added(constraints, is_foreign=False), *(sql.SQL("{}").format(sql.SQL(text)) for _, _, text in indexes)),
        tuple(_added(constraints, is_foreign=True)),
        tuple(_alter(table, "ENABLE TRIGGER {}", name) for table, name in triggers),
    )


def _added(constraints: list[Any], *, is_foreign: bool) -> Iterator[Statement]:
    for table, name, definition, foreign in constraints:
        if foreign is is_foreign:
            yield sql.SQL("{} {}").format(_alter(table, "ADD CONSTRAINT {}", name), sql.SQL(definition))


def _alter(table: str, change: Any, name: str) -> Statement:
    altered = sql.SQL("ALTER TABLE {} ").format(sql.Identifier(table))
    return sql.SQL("{}{}").format(altered, sql.SQL(change).format(sql.Identifier(name)))
