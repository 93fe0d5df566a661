"""An employer's month of 3, 30 and 300 people: opened, kept, sent, reviewed and decided; how it grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import select, text

from tests import builders as a
from tests.bench.rows import Row, milliseconds
from tests.bench.site import Site, application
from tests.bench.visits import Fields, page_row, sent, signed_in
from tracker.accounts.models import Membership
from tracker.accounts.rules import OrganisationKind, Role
from tracker.hours.models import Declaration
from tracker.placements.models import Placement
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month

SIZES = (3, 30, 300)
# One month each: a month is sent and decided once.
MONTHS = [Month(2025, 10) + later for later in range(6)]
TODAY = date(2026, 4, 8)
PAGE_RUNS = 7


@dataclass(frozen=True)
class Crew:
    """A firm with so many people on one clause, who declares and who decides."""

    size: int
    employer: Membership
    facilitator: Membership
    clause_id: int
    placements: list[Placement]

    @property
    def hours(self) -> Fields:
        """A full month for everybody."""
        return {f"hours-{one.public_id}-0": "120" for one in self.placements}


def rows(site: Site, _folder: Path) -> Iterator[Row]:
    """Each step for the smallest crew, then for ten and a hundred times as many, with its growth."""
    with site.clone("months") as database, application(database) as app:
        clock.stand_on(TODAY)
        crews = [_crew(size) for size in SIZES]
        db.session.commit()
        with db.engine.connect() as connection:
            connection.execute(text("ANALYZE"))
        opened = [_opened(app, crew) for crew in crews]
        kept = [_posted(app, crew, "a month kept", _keep) for crew in crews]
        written = [_posted(app, crew, "a month sent", _send) for crew in crews]
        decided = [_posted(app, crew, "lines decided", _decide) for crew in crews]
    yield from (row for family in (opened, kept, written, decided) for row in family)


def _crew(size: int) -> Crew:
    structure = a.an_organisation("Mission", OrganisationKind.CARRYING_STRUCTURE)
    firm = a.an_organisation("Guérin Construction")
    claire = a.a_membership(Role.FACILITATOR, structure)
    clause = a.a_clause(
        a.a_contract(a.an_organisation("Acheteur", OrganisationKind.BUYER), [firm]),
        structure,
        facilitator=claire.person,
    )
    pledge = a.a_pledge(clause, firm)
    people = [a.a_participant(structure, f"Prénom{rank} Nom{rank:03d}") for rank in range(size)]
    placements = [a.a_placement(pledge, one, a.a_decision(one, claire.person)) for one in people]
    return Crew(size, a.a_membership(Role.EMPLOYER, firm), claire, clause.id, placements)


def _opened(app: Flask, crew: Crew) -> Row:
    what = f"month's page of {crew.size} people"
    return page_row(what, signed_in(app, crew.employer), f"/declarations/{MONTHS[0]}", PAGE_RUNS)


def _posted(app: Flask, crew: Crew, what: str, act: Callable[[Flask, Crew, Month], tuple[float, float, int]]) -> Row:
    runs = [act(app, crew, month) for month in MONTHS]
    whole, sql = median(run[0] for run in runs), median(run[1] for run in runs)
    note = f"{runs[-1][2]} statements, one commit; peer: inside its SQL"
    return Row(f"{what}, {crew.size}", milliseconds(whole), milliseconds(sql), f"{whole / sql:.1f} ×", note)


def _keep(app: Flask, crew: Crew, month: Month) -> tuple[float, float, int]:
    return sent(signed_in(app, crew.employer), f"/declarations/{month}", {"action": "save", **crew.hours})


def _send(app: Flask, crew: Crew, month: Month) -> tuple[float, float, int]:
    fields = {"action": "submit", f"honour-{crew.clause_id}": "y", **crew.hours}
    return sent(signed_in(app, crew.employer), f"/declarations/{month}", fields)


def _decide(app: Flask, crew: Crew, month: Month) -> tuple[float, float, int]:
    waiting = select(Declaration).where(Declaration.clause_id == crew.clause_id, Declaration.month == month)
    declaration = db.session.scalars(waiting.execution_options(populate_existing=True)).one()
    rulings = {f"decision-{one.public_id}-0": "accept" for one in crew.placements}
    fields = {"action": "decide", "version": str(declaration.version_id), **rulings}
    return sent(signed_in(app, crew.facilitator), f"/declarations/a-valider/{declaration.public_id}", fields)
