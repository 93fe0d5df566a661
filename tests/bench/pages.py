"""Pages over the demonstration and the imported contracts, beside their bare SQL and an empty Flask page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, text

from tests.bench.imports import imported
from tests.bench.published import sources
from tests.bench.rows import Row, milliseconds, raced
from tests.bench.site import Site, application
from tracker.accounts.models import Membership, Person
from tracker.accounts.rules import Role
from tracker.commands.world import ACCOUNTS
from tracker.contracts.models import Clause
from tracker.hours.models import Declaration, HoursLine
from tracker.hours.rules.states import DeclarationState
from tracker.plumbing import clock
from tracker.plumbing.database import db

RUNS = 25
AS_OF = "2026-04-10"
Statement = tuple[str, Any]


@dataclass(frozen=True)
class Page:
    """A page, for whom it is opened, and its address."""

    what: str
    role: Role
    address: str


def rows(site: Site, _folder: Path) -> Iterator[Row]:
    """Each page's median time and statements."""
    with site.clone("pages") as database, application(database) as app:
        load_demonstration(app)
        imported(database, sources()[0])
        with db.engine.connect() as connection:
            connection.execute(text("ANALYZE"))  # as a site's server has done by itself
        empty = _opened(_empty_page().test_client(), "/")
        for page in pages():
            yield _row(app, page, empty)


def load_demonstration(app: Flask) -> None:
    """The demonstration Département, told up to a fixed day; the clock then stands on it."""
    app.config["AS_OF"] = AS_OF
    done = app.test_cli_runner().invoke(args=["demo", "load"])
    if done.exit_code:
        raise RuntimeError(done.output) from done.exception


def _row(app: Flask, page: Page, open_empty: Callable[[], None]) -> Row:
    client = _signed_in(app, page.role)
    asked = _statements(client, page.address)
    with _replaying(asked) as ask:
        ours, sql, empty = raced([_opened(client, page.address), ask, open_empty], RUNS)
    note = f"{len(asked)} statements; peer: its SQL alone {milliseconds(sql)} + an empty page {milliseconds(empty)}"
    return Row(page.what, milliseconds(ours), milliseconds(sql + empty), f"{ours / (sql + empty):.1f} ×", note)


def pages() -> Iterator[Page]:
    """Those that stand, at the fullest rows of the demonstration."""
    clause = db.session.scalars(
        select(Clause).join(Declaration).group_by(Clause.id).order_by(func.count(Declaration.id).desc())
    ).first()
    waiting = db.session.scalars(
        select(Declaration)
        .join(HoursLine)
        .where(Declaration.state == DeclarationState.SUBMITTED)
        .group_by(Declaration.id)
        .order_by(func.count().desc())
    ).first()
    assert clause is not None
    yield Page("contracts list, 50 of a page", Role.FACILITATOR, "/marches")
    yield Page("contracts list, a search", Role.FACILITATOR, "/marches?q=college")
    yield Page("contract page", Role.FACILITATOR, f"/marches/{clause.contract_id}")
    yield Page("desk of a facilitator", Role.FACILITATOR, "/")
    yield Page("month's page of an employer", Role.EMPLOYER, f"/declarations/{clock.today():%Y-%m}")
    if waiting:
        yield Page("decision page", Role.FACILITATOR, f"/declarations/a-valider/{waiting.public_id}")
    yield Page("placements list", Role.FACILITATOR, "/mises-a-l-emploi")


def _signed_in(app: Flask, role: Role) -> FlaskClient:
    client = app.test_client()
    found = select(Membership).join(Person).where(Person.email == ACCOUNTS[role])
    membership = db.session.scalars(found.order_by(Membership.id)).first()
    assert membership is not None
    with client.session_transaction() as session:
        session["_user_id"] = membership.person.fs_uniquifier
        session["_fresh"] = True
        session["person_id"] = membership.person_id
        session["membership_id"] = membership.id
        session["organisation_id"] = membership.organisation_id
    return client


def _opened(client: FlaskClient, address: str) -> Callable[[], None]:
    # Apart from the bench's own session, author and `g`, as behind a server.
    def open_it() -> None:
        answer = Context().run(client.get, address)
        assert answer.status_code == 200, (address, answer.status)

    return open_it


def _empty_page() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/", "empty", lambda: "")
    return app


def _statements(client: FlaskClient, address: str) -> list[Statement]:
    open_it = _opened(client, address)
    open_it()
    with _listening() as asked:
        open_it()
    return asked


@contextmanager
def _listening() -> Iterator[list[Statement]]:
    asked: list[Statement] = []

    def keep(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    engine = db.engine
    event.listen(engine, "before_cursor_execute", keep)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", keep)


@contextmanager
def _replaying(asked: list[Statement]) -> Iterator[Callable[[], None]]:
    """Asks the same statements on the driver's own cursor, every row fetched, in one transaction."""
    connection = db.engine.raw_connection()

    def ask() -> None:
        with connection.cursor() as cursor:
            for statement, parameters in asked:
                cursor.execute(statement, parameters)
                if cursor.description:
                    cursor.fetchall()
        connection.rollback()

    try:
        yield ask
    finally:
        connection.close()
