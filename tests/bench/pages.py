"""Pages over the demonstration and the imported contracts, beside their bare SQL and an empty Flask page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, text

from tests.bench.imports import imported
from tests.bench.published import sources
from tests.bench.rows import Row
from tests.bench.site import Site, application
from tests.bench.visits import page_row, signed_in
from tracker.accounts.models import Membership, Person
from tracker.accounts.rules import Role
from tracker.commands.world import ACCOUNTS
from tracker.contracts.models import Clause
from tracker.hours.models import Declaration, HoursLine
from tracker.hours.rules.states import DeclarationState
from tracker.plumbing import clock
from tracker.plumbing.database import db

AS_OF = "2026-04-10"


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
        for page in pages():
            yield page_row(page.what, signed_in(app, _member(page.role)), page.address)


def load_demonstration(app: Flask) -> None:
    """The demonstration Département, told up to a fixed day; the clock then stands on it."""
    app.config["AS_OF"] = AS_OF
    done = app.test_cli_runner().invoke(args=["demo", "load"])
    if done.exit_code:
        raise RuntimeError(done.output) from done.exception


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


def _member(role: Role) -> Membership:
    found = select(Membership).join(Person).where(Person.email == ACCOUNTS[role])
    return db.session.scalars(found.order_by(Membership.id)).one()
