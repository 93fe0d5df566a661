"""Opening a page as behind a server, and asking again its bare SQL: the two sides of a page's row."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event

from tests.bench.rows import Row, milliseconds, raced
from tracker.accounts.models import Membership
from tracker.plumbing.database import db
from tracker.plumbing.forms import new_key

RUNS = 25
Statement = tuple[str, Any]
Fields = dict[str, str]


@dataclass(frozen=True)
class Measured:
    """A page's median seconds, those of its SQL alone and of an empty Flask page, and its number of statements."""

    ours: float
    sql: float
    empty: float
    statements: int

    def row(self, what: str, more: str = "") -> Row:
        """As the table prints it; `more` ends the note."""
        peer = self.sql + self.empty
        beside = f"its SQL alone {milliseconds(self.sql)} + an empty page {milliseconds(self.empty)}"
        note = f"{self.statements} statements; peer: {beside}{more}"
        return Row(what, milliseconds(self.ours), milliseconds(peer), f"{self.ours / peer:.1f} ×", note)


def measure_page(client: FlaskClient, address: str, runs: int = RUNS) -> Measured:
    """The page, its SQL alone and an empty page, opened in turn."""
    asked = _statements(client, address)
    open_empty = opened(_empty_page().test_client(), "/")
    with _replaying(asked) as ask:
        ours, sql, empty = raced([opened(client, address), ask, open_empty], runs)
    return Measured(ours, sql, empty, len(asked))


def page_row(what: str, client: FlaskClient, address: str, runs: int = RUNS) -> Row:
    """A page's median time and statements, beside its SQL alone and an empty Flask page."""
    return measure_page(client, address, runs).row(what)


def signed_in(app: Flask, membership: Membership) -> FlaskClient:
    """A browser in which this person acts for that organisation."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = membership.person.fs_uniquifier
        session["_fresh"] = True
        session["person_id"] = membership.person_id
        session["membership_id"] = membership.id
        session["organisation_id"] = membership.organisation_id
    return client


def opened(client: FlaskClient, address: str) -> Callable[[], None]:
    """What opens the page, apart from the bench's own session, author and `g`, as behind a server."""

    def open_it() -> None:
        answer = Context().run(client.get, address)
        assert answer.status_code == 200, (address, answer.status)

    return open_it


def sent(client: FlaskClient, address: str, fields: Fields) -> tuple[float, float, int]:
    """Posts a form that must act: seconds in all, seconds inside SQL statements, how many of them."""
    with client.session_transaction() as session:
        raw = session.setdefault("csrf_token", "a" * 40)
    token = URLSafeTimedSerializer(client.application.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw)
    whole = {"csrf_token": token, "submission_key": new_key(), **fields}
    with _timing_statements() as spent:
        started = time.perf_counter()
        answer = Context().run(client.post, address, data=whole)
        taken = time.perf_counter() - started
    assert answer.status_code == 302, (address, answer.status)
    return taken, sum(spent), len(spent)


def _empty_page() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/", "empty", lambda: "")
    return app


def _statements(client: FlaskClient, address: str) -> list[Statement]:
    open_it = opened(client, address)
    open_it()
    with _listening() as asked:
        open_it()
    return asked


@contextmanager
def _timing_statements() -> Iterator[list[float]]:
    spent: list[float] = []
    begun: list[float] = []

    def before(*_: object) -> None:
        begun.append(time.perf_counter())

    def after(*_: object) -> None:
        spent.append(time.perf_counter() - begun.pop())

    with _heard("before_cursor_execute", before), _heard("after_cursor_execute", after):
        yield spent


@contextmanager
def _listening() -> Iterator[list[Statement]]:
    asked: list[Statement] = []
    connections: list[object] = []

    def keep(connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        # The page's own connection: what it leaves beside, as the trail of readings, is written by another.
        connections.append(connection)
        if connection is connections[0]:
            asked.append((statement, parameters))

    with _heard("before_cursor_execute", keep):
        yield asked


@contextmanager
def _heard(name: str, listener: Callable[..., None]) -> Iterator[None]:
    engine = db.engine
    event.listen(engine, name, listener)
    try:
        yield
    finally:
        event.remove(engine, name, listener)


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
