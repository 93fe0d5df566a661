"""The same pages over a structure, a Département and the whole country, seeded: what growth costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Select, create_engine, func, select, text

from tests.bench.pages import Page
from tests.bench.published import ROOT
from tests.bench.rows import Row
from tests.bench.site import Database, Site, application
from tests.bench.visits import measure_page, signed_in
from tests.bench.years import year_rows
from tracker.accounts.models import Membership, Person
from tracker.accounts.rules import Role
from tracker.contracts.models import Clause
from tracker.hours.models import Declaration, HoursLine
from tracker.hours.rules.states import DeclarationState
from tracker.participants.models import Participant
from tracker.placements.models import Placement
from tracker.pledges.models import Pledge
from tracker.plumbing import clock
from tracker.plumbing.database import db

SCALES = ("structure", "department", "national")
# The day on which a seeded world ends: its last year is over, January goes on.
TODAY = date(2026, 1, 10)
RUNS = 9
# As many at each scale, so that growth is the base's, not the page's.
PEOPLE, PLACEMENTS = 12, 2
Accounts = dict[str, dict[str, str]]


def rows(site: Site, folder: Path) -> Iterator[Row]:
    """Each scale's load, then each page at each scale with its growth since the one before."""
    before: dict[str, float] = {}
    for scale in SCALES:
        with site.clone(f"seeded_{scale}") as database:
            made = seeded(database, scale)
            yield _load_row(scale, made)
            with application(database) as app:
                clock.stand_on(TODAY)
                yield from _page_rows(app, scale, made["accounts"], before)
                yield from year_rows(scale, TODAY.year - 1, folder)


def seeded(database: Database, scale: str) -> dict[str, Any]:
    """What `flask seed --json` says once it has filled the database, whose statistics are then those of a site."""
    environment = {**os.environ, **database.environment}
    for command in (["reference", "load"], ["seed", "--scale", scale, "--as-of", TODAY.isoformat(), "--json"]):
        asked = [sys.executable, "-m", "flask", *command]
        done = subprocess.run(asked, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    engine = create_engine(database.admin_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def _load_row(scale: str, made: dict[str, Any]) -> Row:
    lines, seconds = made["rows"]["hours_line"], made["seconds"]
    phases = ", ".join(f"{name} {taken:.0f} s" for name, taken in seconds.items() if name != "whole")
    every = sum(made["rows"].values())
    note = f"{lines:,} lines, {every:,} rows, one transaction; {phases}"
    return Row(
        f"flask seed, {scale}", f"{seconds['whole']:.1f} s", f"{seconds['rows']:.1f} s", note=f"{note}; peer: COPY"
    )


def _page_rows(app: Flask, scale: str, accounts: Accounts, before: dict[str, float]) -> Iterator[Row]:
    for visit in visits(accounts):
        client = signed_in(app, _member(accounts, visit.role))
        measured = measure_page(client, visit.address, RUNS)
        growth = f"; × {measured.ours / before[visit.what]:.1f} since the scale before" if visit.what in before else ""
        before[visit.what] = measured.ours
        yield measured.row(f"{visit.what}, {scale}", growth)


def visits(accounts: Accounts) -> Iterator[Page]:
    """Every kind of page; a clause of as many people, a person of as many placements, at each scale."""
    structure_id = _member(accounts, Role.FACILITATOR).organisation_id
    clause = _first(
        select(Clause)
        .join(Pledge, Pledge.clause_id == Clause.id)
        .join(Placement)
        .where(Clause.structure_id == structure_id)
        .group_by(Clause.id)
        .order_by(func.abs(func.count(Placement.id) - PEOPLE), Clause.id)
    )
    waiting = _first(
        select(Declaration)
        .join(Declaration.clause)
        .join(HoursLine)
        .where(Declaration.state == DeclarationState.SUBMITTED, Clause.structure_id == structure_id)
        .group_by(Declaration.id)
        .order_by(func.count().desc(), Declaration.id)
    )
    person = _first(
        select(Participant)
        .join(Placement)
        .where(Participant.structure_id == structure_id)
        .group_by(Participant.id)
        .order_by(func.abs(func.count(Placement.id) - PLACEMENTS), Participant.id)
    )
    month = f"{TODAY.year - 1}-12"
    yield Page("desk of a facilitator", Role.FACILITATOR, "/")
    yield Page("desk of an employer", Role.EMPLOYER, "/")
    yield Page("desk of a buyer", Role.OFFICER, "/")
    yield Page("desk of an administrator", Role.ADMINISTRATOR, "/")
    yield Page("portfolio, 50 contracts of a page", Role.FACILITATOR, "/marches")
    yield Page("portfolio of a buyer", Role.OFFICER, "/marches")
    yield Page("search of a contract", Role.FACILITATOR, "/marches?q=nettoyage")
    yield Page("search of a contract everywhere", Role.ADMINISTRATOR, "/marches?q=nettoyage")
    yield Page("contract page", Role.FACILITATOR, f"/marches/{clause.contract_id}")
    yield Page("clause page", Role.FACILITATOR, f"/clauses/{clause.id}")
    yield Page("person's file", Role.FACILITATOR, f"/participants/{person.public_id}")
    yield Page("people, searched by a name", Role.FACILITATOR, f"/participants?q={person.family_name[:4]}")
    yield Page("placements list", Role.FACILITATOR, "/mises-a-l-emploi")
    yield Page("declarations list", Role.FACILITATOR, "/declarations")
    yield Page("decision page", Role.FACILITATOR, f"/declarations/a-valider/{waiting.public_id}")
    yield Page("declarations of an employer", Role.EMPLOYER, "/declarations")
    yield Page("month's page of an employer", Role.EMPLOYER, f"/declarations/{month}")


def _first(found: Select[Any]) -> Any:
    return db.session.scalars(found.limit(1)).one()


def _member(accounts: Accounts, role: Role) -> Membership:
    found = select(Membership).join(Person).where(Person.email == accounts[role.value]["email"])
    return db.session.scalars(found.order_by(Membership.id)).one()
