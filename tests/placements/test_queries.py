"""Which placements an employer declares, what each side sees, and the days in which hours count."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from tests import builders as a
from tracker.accounts.queries import viewer_of
from tracker.participants.models import ParticipantAccess
from tracker.placements import queries
from tracker.placements.rules import ContractType
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month, Period

MARCH = Month(2026, 3)
BUYER = "Département de Loire-et-Vienne"


@pytest.fixture
def statements(app):
    """The SQL sent from here on."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_):
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def _viewer(membership):
    return viewer_of(membership.person.fs_uniquifier, membership.id, a.TODAY)


def _placed(cast, name="Amina Diallo", decided_on=date(2025, 9, 1), **more):
    person = a.a_participant(cast.structure, name)
    decision = a.a_decision(person, cast.claire.person, decided_on=decided_on)
    return a.a_placement(cast.pledge, person, decision, **more)


DAYS = (
    ("ends the day before the month", date(2025, 9, 15), date(2026, 2, 28), False),
    ("ends on its first day", date(2025, 9, 15), date(2026, 3, 1), True),
    ("has no end", date(2025, 9, 15), None, True),
    ("starts on its last day", date(2026, 3, 31), None, True),
    ("starts the day after the month", date(2026, 4, 1), None, False),
)


@pytest.mark.parametrize(("case", "starts_on", "ends_on", "is_asked"), DAYS, ids=[row[0] for row in DAYS])
def test_a_month_asks_for_the_placements_it_touches(cast, case, starts_on, ends_on, is_asked):
    placement = _placed(cast, starts_on=starts_on, ends_on=ends_on)
    asked = queries.placements_to_declare(cast.guerin.id, MARCH)
    assert list(asked) == ([placement] if is_asked else [])


def test_a_waiting_placement_is_declared_and_a_refused_one_is_not(cast):
    waiting = a.a_placement(cast.pledge, a.a_participant(cast.structure, "Lucas Petit"), None)
    refused_at = datetime(2026, 3, 1, tzinfo=UTC)
    refused = {"refused_at": refused_at, "refusal_reason": "Dossier incomplet."}
    a.a_placement(cast.pledge, a.a_participant(cast.structure, "Fatou Ndiaye"), None, **refused)
    assert list(queries.placements_to_declare(cast.guerin.id, MARCH)) == [waiting]


def test_an_employer_declares_its_own_people_alone(cast):
    _placed(cast)
    assert list(queries.placements_to_declare(cast.rival.organisation_id, MARCH)) == []


def test_a_month_s_placements_come_in_one_statement_with_all_around_them(cast, statements):
    for name in ("Amina Diallo", "Karim Benali", "Lucas Petit"):
        _placed(cast, name)
    employer_id = cast.guerin.id
    db.session.expunge_all()
    statements.clear()
    for one in queries.placements_to_declare(employer_id, MARCH):
        contract = one.pledge.clause.contract
        assert one.participant.name
        assert (one.pledge.organisation.name, contract.buyer.name) == (one.employer.name, BUYER)
        assert one.decision.edition_code == "EPEC-2021"
    assert len(statements) == 1


def test_without_a_decision_there_is_no_window(cast):
    waiting = a.a_placement(cast.pledge, a.a_participant(cast.structure), None)
    assert queries.windows_of([waiting]) == {waiting.id: None}


STARTS = (
    ("starts after its approval", date(2025, 9, 1), date(2025, 9, 15), date(2025, 9, 15), date(2027, 9, 14)),
    ("starts before its approval", date(2025, 10, 1), date(2025, 9, 15), date(2025, 10, 1), date(2027, 9, 30)),
)


@pytest.mark.parametrize(("case", "decided", "starts", "first", "last"), STARTS, ids=[row[0] for row in STARTS])
def test_the_window_opens_on_the_later_of_start_and_approval(cast, case, decided, starts, first, last):
    placement = _placed(cast, decided_on=decided, starts_on=starts)
    assert queries.windows_of([placement]) == {placement.id: Period(first, last)}


def test_a_running_window_goes_with_the_person_to_another_employer(cast):
    first = _placed(cast)
    pledge = a.a_pledge(a.a_clause(cast.contract, cast.structure), cast.rival.organisation)
    more = {"starts_on": date(2026, 6, 1), "approved_on": date(2026, 5, 20)}
    second = a.a_placement(pledge, first.participant, first.decision, **more)
    assert queries.windows_of([second])[second.id] == Period(date(2025, 9, 15), date(2027, 9, 14))


def test_a_permanent_contract_counts_to_the_end_of_a_longer_public_contract(cast):
    cast.clause.ends_on = date(2028, 6, 30)
    placement = _placed(cast, contract_type=ContractType.CDI)
    assert queries.windows_of([placement])[placement.id].last == date(2028, 6, 30)


def test_windows_take_two_statements_whatever_the_number_of_placements(cast, statements):
    placements = [_placed(cast, f"Personne{chr(97 + n)} Essai") for n in range(20)]
    statements.clear()
    assert len(queries.windows_of(placements)) == 20
    assert len(statements) == 2


SEERS = (
    ("claire", True),
    ("sophie", True),
    ("administrator", True),
    ("rival", False),
    ("helene", False),
    ("observer", False),
    ("other_facilitator", False),
    ("prescriber", False),
)


@pytest.mark.parametrize(("who", "sees"), SEERS)
def test_a_placement_s_names_are_for_its_employer_and_its_structure(cast, who, sees):
    placement = _placed(cast)
    found = queries.placement_seen_by(_viewer(getattr(cast, who)), placement.public_id)
    assert (found is placement) is sees


def test_waiting_placements_stand_oldest_first_in_their_own_structure(cast):
    people = [a.a_participant(cast.structure, name) for name in ("Amina Diallo", "Karim Benali")]
    days = (datetime(2026, 4, 2, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    late, early = (
        a.a_placement(cast.pledge, person, None, proposed_at=at) for person, at in zip(people, days, strict=True)
    )
    _placed(cast, "Fatou Ndiaye")
    assert list(queries.waiting_placements(_viewer(cast.claire))) == [early, late]
    assert list(queries.waiting_placements(_viewer(cast.other_facilitator))) == []


def test_placements_stand_by_pledge(cast):
    placement = _placed(cast)
    other = a.a_pledge(a.a_clause(cast.contract, cast.structure), cast.guerin)
    assert queries.placements_of([cast.pledge.id, other.id]) == {cast.pledge.id: [placement], other.id: []}


def test_a_prescriber_reads_the_placements_of_those_it_sent(cast):
    placement = _placed(cast)
    row = {"participant_id": placement.participant_id, "organisation_id": cast.prescriber.organisation_id}
    db.session.add(ParticipantAccess(**row))
    db.session.flush()
    assert queries.placement_seen_by(_viewer(cast.prescriber), placement.public_id) is placement
