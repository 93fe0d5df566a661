"""Many rows in one statement: a file of contracts is written at a small multiple of what COPY would take.

The rows travel as one JSON text and PostgreSQL gives each column its type, so that nothing is compiled or bound per
row. Defaults of the models apply, row by row.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import func, select, text

from tracker.plumbing.database import Base, db


def next_ids(model: type[Base], count: int) -> Sequence[int]:
    """Fresh identifiers for rows about to be written."""
    sequence = func.pg_get_serial_sequence(model.__tablename__, "id")
    return db.session.scalars(select(func.nextval(sequence)).select_from(func.generate_series(1, count))).all()


def insert_many(model: type[Base], rows: Sequence[Mapping[str, Any]], or_nothing: bool = False) -> None:
    """Inserts rows that all name the same columns; with `or_nothing`, a row already there is left as it is.

    Days, moments and decimals go as text; lists fill arrays, or JSON as dicts do.
    """
    if not rows:
        return
    defaults = _defaults(model, rows[0])
    whole = [{name: give() for name, give in defaults.items()} | dict(row) for row in rows]
    quote = db.engine.dialect.identifier_preparer.quote
    table, columns = quote(model.__tablename__), ", ".join(quote(name) for name in whole[0])
    ending = " ON CONFLICT DO NOTHING" if or_nothing else ""
    statement = (
        f"INSERT INTO {table} ({columns})"
        f" SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, CAST(:rows AS jsonb)){ending}"
    )
    db.session.execute(text(statement), {"rows": _json(whole)})


def update_many(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Changes rows by their id, all in the same columns; what triggers do once for a statement is done once.

    Values go as in `insert_many`. Objects of the session are not told.
    """
    if not rows:
        return
    quote = db.engine.dialect.identifier_preparer.quote
    table, columns = quote(model.__tablename__), [quote(name) for name in rows[0] if name != "id"]
    statement = (
        f"UPDATE {table} SET {', '.join(f'{column} = given.{column}' for column in columns)}"
        f" FROM jsonb_populate_recordset(NULL::{table}, CAST(:rows AS jsonb)) given WHERE given.id = {table}.id"
    )
    db.session.execute(text(statement), {"rows": _json(rows)})


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, default=str, ensure_ascii=False)


def _defaults(model: type[Base], row: Mapping[str, Any]) -> dict[str, Callable[[], Any]]:
    """What gives a value to each column that the rows leave out and whose default is written in Python."""
    given: dict[str, Callable[[], Any]] = {}
    for column in model.__table__.columns:
        default: Any = column.default
        if column.name not in row and default is not None and not default.is_sequence:
            given[column.name] = partial(default.arg, None) if default.is_callable else partial(_same, default.arg)
    return given


def _same(value: Any) -> Any:
    return value
