"""Who acts, and whether he may write: told to PostgreSQL at the start of each transaction.

The journal takes its actor from there and refuses an empty one; a GET's transaction is read-only for the database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session

from tracker.plumbing.database import db


@dataclass(frozen=True)
class Actor:
    """The author of what is written: person, organisation acted for, and way in (page, link, import, job, api)."""

    way_in: str = ""
    person_id: int | None = None
    organisation_id: int | None = None
    read_only: bool = False


NOBODY = Actor()
_acting: ContextVar[Actor] = ContextVar("acting", default=NOBODY)

# No plan is compiled: PostgreSQL takes some of our statements for dear ones, and compiling costs more than they do.
_TELL = text(
    "SELECT set_config('tracker.person', :person, true), set_config('tracker.organisation', :organisation, true),"
    " set_config('tracker.way_in', :way_in, true), set_config('transaction_read_only', :read_only, true),"
    " set_config('jit', 'off', true)"
)


def acting() -> Actor:
    """Who acts in this request, job or command."""
    return _acting.get()


def set_actor(actor: Actor) -> None:
    """Names the author of what follows, for the transactions not begun yet."""
    _acting.set(actor)


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Names the author of a block: a job's, a command's."""
    token = _acting.set(actor)
    try:
        yield
    finally:
        _acting.reset(token)


def tell_database(connection: Connection, actor: Actor) -> None:
    """Sets the transaction's author and whether it may write."""
    connection.execute(
        _TELL,
        {
            "person": str(actor.person_id or ""),
            "organisation": str(actor.organisation_id or ""),
            "way_in": actor.way_in,
            "read_only": "on" if actor.read_only else "off",
        },
    )


def take_over(actor: Actor) -> None:
    """Names the author once known, also for the transaction under way."""
    set_actor(actor)
    if db.session.registry.has() and db.session().in_transaction():
        tell_database(db.session.connection(), actor)


@event.listens_for(Session, "after_begin")
def _name_the_actor(_session: Session, _transaction: object, connection: Connection) -> None:
    tell_database(connection, acting())


@contextmanager
def beside() -> Iterator[Connection]:
    """A second connection that commits by itself: for what a reading must leave behind (trail, counters)."""
    actor = acting()
    with db.engine.begin() as connection:
        tell_database(connection, Actor(actor.way_in, actor.person_id, actor.organisation_id))
        yield connection
