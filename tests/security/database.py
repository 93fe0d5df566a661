"""What the tests ask PostgreSQL itself: what changed, and whether a transaction could write."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import event, text

from tracker.plumbing.database import db

NAMES_THE_AUTHOR = "set_config('tracker.person'"
# What a reading may leave behind, on its second connection.
LEFT_BY_READING = ("INSERT INTO reading ", "INSERT INTO attempt ")


def content(app) -> dict[str, str]:
    """Each table with the fingerprint of its rows."""
    with app.app_context(), db.engine.connect() as connection:
        names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        wanted = [name for name in names if name != "commune"]
        prints = " UNION ALL ".join(
            f"SELECT '{name}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{name}\" t"
            for name in wanted
        )
        return dict(connection.execute(text(prints)).all())


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The tables whose rows are no longer the same."""
    return {name for name in after if before.get(name) != after[name]}


def forget_attempts(app) -> None:
    """As if a quarter of an hour had gone."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DELETE FROM attempt"))


@dataclass
class Watched:
    """How many statements went by, and those that ran where PostgreSQL would have let them write."""

    statements: int = 0
    written: list[str] = field(default_factory=list)


@contextmanager
def watching(app) -> Iterator[Watched]:
    """Asks PostgreSQL before each statement whether its transaction is read-only."""
    watched = Watched()

    def ask(connection, _cursor, statement, *_):
        if NAMES_THE_AUTHOR in statement:
            return
        watched.statements += 1
        cursor = connection.connection.cursor()
        (is_read_only,) = cursor.execute("SHOW transaction_read_only").fetchone()
        cursor.close()
        if is_read_only != "on" and not statement.startswith(LEFT_BY_READING):
            watched.written.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", ask)
    try:
        yield watched
    finally:
        event.remove(engine, "before_cursor_execute", ask)
