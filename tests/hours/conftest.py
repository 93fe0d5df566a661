"""The cast with people in post in March 2026."""

from dataclasses import dataclass
from datetime import date

import pytest

from tests import builders as a
from tracker.placements.models import Placement
from tracker.plumbing import clock
from tracker.plumbing.database import db


@dataclass
class Crew:
    """Amina is approved since September; Lucas waits; Karim’s approval falls on 12 March."""

    amina: Placement
    karim: Placement
    lucas: Placement


@pytest.fixture
def april(app):
    """The 8th of April 2026."""
    clock.stand_on(date(2026, 4, 8))
    return date(2026, 4, 8)


@pytest.fixture
def amina(cast) -> Placement:
    """One approved placement, alone."""
    person = a.a_participant(cast.structure, "Amina Diallo")
    placement = a.a_placement(cast.pledge, person, a.a_decision(person, cast.claire.person))
    db.session.commit()
    return placement


@pytest.fixture
def crew(cast, amina) -> Crew:
    """Three placements of the same employer on the same clause."""
    karim = a.a_participant(cast.structure, "Karim Benali")
    lucas = a.a_participant(cast.structure, "Lucas Petit")
    late = a.a_decision(karim, cast.claire.person, decided_on=date(2026, 3, 12))
    crew = Crew(
        amina,
        a.a_placement(cast.pledge, karim, late, starts_on=date(2026, 3, 2)),
        a.a_placement(cast.pledge, lucas, None, starts_on=date(2026, 3, 2)),
    )
    db.session.commit()
    return crew
