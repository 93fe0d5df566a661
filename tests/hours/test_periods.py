"""Somebody leaves early, a contract is renewed: the pages, what stops being owed, what starts being."""

import re
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests import builders as a
from tests.hours.sheets import decided, declared, line_of
from tests.hours.test_together import at_once
from tracker.accounts.models import JournalEntry
from tracker.certificates.queries.statements import statement_on
from tracker.hours.actions import endings
from tracker.hours.actions.declarations import save_draft, submit_month
from tracker.hours.models import HoursLine
from tracker.hours.queries.months import months_to_declare, open_month
from tracker.hours.rules.decisions import LineDecision, Ruling
from tracker.hours.rules.months import Answer, SentMonth
from tracker.hours.rules.states import LineState
from tracker.participants.models import ParticipantAccess
from tracker.placements.actions import periods
from tracker.placements.actions.periods import Hand
from tracker.placements.models import Placement, PlacementChange
from tracker.placements.queries import windows_of
from tracker.placements.rules import ContractType
from tracker.placements.rules.periods import ChangeKind, Ending, EndReason
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month, Period
from tracker.vocabulary.objections import Refused, Stale

pytestmark = pytest.mark.usefixtures("april")

JANUARY, FEBRUARY, MARCH, APRIL = (Month(2026, number) for number in (1, 2, 3, 4))
GONE = {"ends_on": "20/02/2026", "reason": "training", "note": "CAP de maçonnerie"}
MID_MARCH = date(2026, 3, 14)


def address(placement, page: str = "fin") -> str:
    return f"/mises-a-l-emploi/{placement.public_id}/{page}"


def leave(client, placement, answers=GONE, **more):
    return client.send(address(placement), {"version": placement.version_id, **answers}, **more)


def renew(client, placement, until="14/09/2026", version=None, **more):
    answers = {"version": version or placement.version_id, "ends_on": until}
    return client.send(address(placement, "renouvellement"), answers, **more)


def hand(placement, today=date(2026, 4, 8)) -> Hand:
    return Hand(None, clock.now(), today, placement.version_id)


def end_on(placement, day: date) -> None:
    endings.end_placement(placement, Ending(day, EndReason.DEPARTURE), hand(placement))


def waiting(cast) -> list[Month]:
    return [one.month for one in months_to_declare(cast.guerin.id, date(2026, 4, 8))]


def changes() -> list[PlacementChange]:
    return list(db.session.scalars(select(PlacementChange).order_by(PlacementChange.id)))


@pytest.fixture
def until_mid_march(amina) -> Placement:
    amina.ends_on = MID_MARCH
    db.session.commit()
    return amina


def test_an_early_end_is_kept_with_its_reason_and_the_placement_follows(client, cast, amina) -> None:
    response = leave(client.acting_for(cast.sophie), amina)
    assert response.location == f"/mises-a-l-emploi/{amina.public_id}"
    assert (amina.ends_on, amina.version_id) == (date(2026, 2, 20), 2)
    (change,) = changes()
    assert (change.kind, change.from_ends_on, change.to_ends_on) == (ChangeKind.ENDED_EARLY, None, amina.ends_on)
    assert (change.reason, change.note) == (EndReason.TRAINING, "CAP de maçonnerie")
    assert change.recorded_by_id == cast.sophie.person_id


def test_a_renewal_is_kept_and_the_page_shows_both_periods(client, cast, until_mid_march) -> None:
    client.acting_for(cast.sophie)
    assert renew(client, until_mid_march).status_code == 302
    assert until_mid_march.ends_on == date(2026, 9, 14)
    page = client.get(f"/mises-a-l-emploi/{until_mid_march.public_id}").text
    assert "Du 15/09/2025 au 14/03/2026" in page
    assert "Du 15/03/2026 au 14/09/2026, renouvelée le 08/04/2026 jusqu’au 14/09/2026" in page


def test_the_journal_bears_the_code_of_the_reason_and_not_its_words(client, cast, amina) -> None:
    leave(client.acting_for(cast.sophie), amina)
    entries = db.session.scalars(select(JournalEntry).where(JournalEntry.verb == "placement_ended")).all()
    assert {one.about_kind: one.facts for one in entries} == {
        "placement": {"ends_on": "20/02/2026", "reason": "training"},
        "participant": {"placement": amina.id},
    }


def test_the_months_after_an_early_end_are_no_longer_to_declare(cast, amina) -> None:
    before = waiting(cast)
    end_on(amina, date(2026, 2, 20))
    assert before[-3:] == [FEBRUARY, MARCH, APRIL]
    assert waiting(cast)[-1] == FEBRUARY
    assert open_month(cast.guerin.id, MARCH, date(2026, 4, 8)).clauses == ()


def test_the_desk_asks_no_longer_for_the_months_after_an_early_end(client, cast, amina) -> None:
    client.acting_for(cast.sophie)
    assert "/declarations/2026-03" in client.get("/").text
    end_on(amina, date(2025, 12, 31))
    page = client.get("/").text
    assert "/declarations/2025-12" in page
    assert "/declarations/2026-01" not in page
    assert "/declarations/2026-03" not in page


def test_a_certificate_no_longer_waits_for_the_months_after_an_early_end(cast, amina) -> None:
    amina.employer = a.an_organisation("Relais Intérim")
    db.session.commit()

    def left() -> list[Month]:
        found = statement_on(cast.clause, date(2026, 4, 8)).months_left
        return [one.open_month.month for one in found if one.open_month.employer == "Relais Intérim"]

    before = left()
    end_on(amina, date(2026, 2, 1))
    assert before[-2:] == [FEBRUARY, MARCH]
    assert left()[-1] == FEBRUARY


def test_the_window_of_a_work_study_contract_follows_its_end(cast, amina) -> None:
    amina.contract_type = ContractType.PROFESSIONALISATION
    amina.ends_on = MID_MARCH
    db.session.commit()
    periods.renew_placement(amina, date(2028, 8, 31), hand(amina))
    assert windows_of([amina])[amina.id] == Period(date(2025, 9, 15), date(2028, 8, 31))
    end_on(amina, date(2026, 5, 29))
    assert windows_of([amina])[amina.id] == Period(date(2025, 9, 15), date(2026, 5, 29))


def test_an_end_does_not_pass_before_hours_accepted(client, cast, amina) -> None:
    (declaration,) = declared(cast.guerin.id, {amina: "144"})
    decided(declaration)
    response = leave(client.acting_for(cast.sophie), amina)
    assert response.status_code == 422
    assert "Des heures sont déjà déclarées pour mars 2026" in response.text
    assert 'value="20/02/2026"' in response.text
    assert "CAP de maçonnerie" in response.text
    assert (amina.ends_on, changes()) == (None, [])


def test_a_month_sent_without_hours_or_refused_bounds_nothing(cast, amina) -> None:
    declared(cast.guerin.id, {amina: None})
    (april,) = declared(cast.guerin.id, {amina: "20"}, month=APRIL)
    decided(april, Diallo=LineDecision(Ruling.REFUSE, message="Ces heures sont d’un autre marché."))
    end_on(amina, date(2026, 2, 20))
    assert amina.ends_on == date(2026, 2, 20)


def test_a_month_to_correct_is_sent_again_before_an_end_that_precedes_it(cast, amina) -> None:
    (declaration,) = declared(cast.guerin.id, {amina: "144"})
    decided(declaration, Diallo=LineDecision(Ruling.RETURN, message="Vérifiez les heures."))
    with pytest.raises(Refused, match="mars 2026"):
        end_on(amina, date(2026, 2, 28))
    declared(cast.guerin.id, {amina: None})
    end_on(amina, date(2026, 2, 28))
    assert amina.ends_on == date(2026, 2, 28)


def test_the_month_of_the_end_already_sent_is_cut_there_and_still_accepted(cast, amina) -> None:
    (declaration,) = declared(cast.guerin.id, {amina: "70"})
    end_on(amina, date(2026, 3, 20))
    line = line_of(amina)
    assert (line.from_on, line.to_on) == (date(2026, 3, 1), date(2026, 3, 20))
    decided(declaration)
    assert line_of(amina).state is LineState.ACCEPTED


def test_a_draft_kept_after_the_end_is_forgotten(cast, amina) -> None:
    opened = open_month(cast.guerin.id, MARCH, date(2026, 4, 8))
    (cell,) = opened.open_clauses[0].open_cells
    save_draft(opened, SentMonth({cell.key: Answer(a.Decimal("12"))}), clock.now(), date(2026, 4, 8))
    end_on(amina, date(2026, 2, 20))
    assert db.session.scalar(select(func.count()).select_from(HoursLine)) == 0


def test_the_days_that_a_renewal_adds_to_a_month_already_sent_are_asked(cast, until_mid_march) -> None:
    declared(cast.guerin.id, {until_mid_march: "70"})
    assert MARCH not in waiting(cast)
    periods.renew_placement(until_mid_march, date(2026, 9, 14), hand(until_mid_march))
    assert waiting(cast)[-2:] == [MARCH, APRIL]
    (row,) = open_month(cast.guerin.id, MARCH, date(2026, 4, 8)).open_rows
    assert [cell.days for cell in row.open_cells] == [Period(date(2026, 3, 15), date(2026, 3, 31))]
    declared(cast.guerin.id, {until_mid_march: "60"})
    assert MARCH not in waiting(cast)


def test_a_waiting_placement_ends_too_and_a_refused_one_does_not(client, cast, crew) -> None:
    client.acting_for(cast.sophie)
    answers = {"ends_on": "06/03/2026", "reason": "departure"}
    assert leave(client, crew.lucas, answers).status_code == 302
    crew.karim.decision = crew.karim.approved_on = None
    crew.karim.refused_at, crew.karim.refusal_reason = a.NOW, "Hors liste."
    db.session.commit()
    response = leave(client, crew.karim, answers)
    assert response.status_code == 422
    assert "refusée" in response.text


def test_a_renewal_does_not_cover_another_placement_of_the_same_person(client, cast, until_mid_march) -> None:
    person = until_mid_march.participant
    db.session.delete(db.session.scalars(select(ParticipantAccess)).one())
    a.a_placement(cast.pledge, person, until_mid_march.decision, starts_on=date(2026, 5, 4))
    db.session.commit()
    client.acting_for(cast.sophie)
    until = renew(client, until_mid_march, "04/05/2026", key="one")
    assert until.status_code == 422
    assert "est déjà à l’emploi sur cette clause" in until.text
    assert renew(client, until_mid_march, "03/05/2026", key="two").status_code == 302


WRONG = (
    ({}, "reason", "Choisissez le motif de la fin."),
    ({"reason": "illness", "ends_on": "20/02/2026"}, "reason", "Choisissez le motif de la fin."),
    ({"reason": "other"}, "ends_on", "Indiquez le dernier jour de travail."),
    ({"reason": "other", "ends_on": "hier"}, "ends_on", "Écrivez une date comme 12/03/2026."),
    ({**GONE, "note": "x" * 201}, "note", "Écrivez 200 signes au plus."),
)


@pytest.mark.parametrize(("answers", "field", "said"), WRONG, ids=[row[2] + row[1] for row in WRONG])
def test_a_wrong_end_is_asked_again_beside_its_field(client, cast, amina, answers, field, said) -> None:
    response = leave(client.acting_for(cast.sophie), amina, answers)
    assert response.status_code == 422
    assert said in response.text
    assert f'href="#{field}' in response.text
    assert changes() == []


def test_who_comes_second_is_told_what_changed_and_keeps_what_was_typed(client, cast, until_mid_march) -> None:
    seen = until_mid_march.version_id
    leave(client.acting_for(cast.sophie), until_mid_march, {"ends_on": "20/02/2026", "reason": "departure"})
    second = renew(client.acting_for(cast.claire), until_mid_march, "14/09/2026", seen)
    assert second.status_code == 409
    assert "Sophie Guérin a modifié cette mise à l’emploi" in second.text
    assert "elle finit le 20/02/2026" in second.text
    assert 'value="14/09/2026"' in second.text
    assert len(changes()) == 1
    (shown,) = re.findall(r'name="version" type="hidden" value="(\d+)"', second.text)
    assert renew(client, until_mid_march, "14/09/2026", shown, key="again").status_code == 302


def test_a_form_sent_twice_acts_once(client, cast, amina) -> None:
    client.acting_for(cast.sophie)
    answers = {**GONE, "version": amina.version_id}
    first, second = (leave(client, amina, answers) for _ in range(2))
    assert first.location == second.location
    assert len(changes()) == 1


def ending(placement_id: int, version: int, day: date):
    def act(ready) -> None:
        placement = db.session.get_one(Placement, placement_id)
        ready()
        typed = Ending(day, EndReason.DEPARTURE)
        endings.end_placement(placement, typed, Hand(None, clock.now(), date(2026, 4, 8), version))

    return act


def test_two_at_the_same_moment_make_one_end(app, cast, amina) -> None:
    told = at_once(app, ending(amina.id, 1, date(2026, 4, 1)), ending(amina.id, 1, date(2026, 4, 2)))
    assert told[0] == ""
    assert "a modifié cette mise à l’emploi" in told[1]
    assert len(changes()) == 1


def test_a_month_opened_before_an_end_is_not_sent_after_it(app, cast, amina) -> None:
    opened = open_month(cast.guerin.id, MARCH, date(2026, 4, 8))
    (clause,) = opened.open_clauses
    end_on(amina, date(2026, 2, 20))
    sent = SentMonth({cell.key: Answer(a.Decimal("12")) for cell in clause.open_cells}, {clause.clause_id})
    with pytest.raises(Stale, match="a changé de fin"):
        submit_month(opened, sent, None, clock.now(), date(2026, 4, 8))


READERS = (("sophie", True), ("claire", True), ("administrator", True), ("prescriber", False))


@pytest.mark.parametrize(("who", "reads_why"), READERS)
def test_the_reason_of_an_end_is_read_by_that_employer_and_those_in_charge(client, cast, amina, who, reads_why) -> None:
    sent = {"participant_id": amina.participant_id, "organisation_id": cast.prescriber.organisation_id}
    db.session.add(ParticipantAccess(**sent))
    leave(client.acting_for(cast.sophie), amina)
    page = client.acting_for(getattr(cast, who)).get(f"/mises-a-l-emploi/{amina.public_id}").text
    assert "Fin anticipée au 20/02/2026" in page
    assert ("Entrée en formation" in page) is reads_why
    assert ("CAP de maçonnerie" in page) is reads_why


OFFERED = (
    ("sophie", date(2026, 4, 8), True),
    ("claire", date(2026, 4, 8), True),
    ("prescriber", date(2026, 4, 8), False),
    ("sophie", date(2026, 4, 7), False),
)


@pytest.mark.parametrize(("who", "ends_on", "is_offered"), OFFERED)
def test_both_pages_are_offered_until_the_last_day(client, cast, amina, who, ends_on, is_offered) -> None:
    sent = {"participant_id": amina.participant_id, "organisation_id": cast.prescriber.organisation_id}
    db.session.add(ParticipantAccess(**sent))
    amina.ends_on = ends_on
    db.session.commit()
    page = client.acting_for(getattr(cast, who)).get(f"/mises-a-l-emploi/{amina.public_id}").text
    assert [address(amina, one) in page for one in ("fin", "renouvellement")] == [is_offered] * 2


def test_a_contract_without_an_end_offers_no_renewal(client, cast, amina) -> None:
    page = client.acting_for(cast.sophie).get(f"/mises-a-l-emploi/{amina.public_id}").text
    assert [address(amina, one) in page for one in ("fin", "renouvellement")] == [True, False]


WRITES = (
    ("UPDATE placement_change SET to_ends_on = '2026-01-01'", "append-only"),
    ("DELETE FROM placement_change", "append-only"),
)


@pytest.mark.parametrize(("statement", "said"), WRITES)
def test_a_recorded_change_does_not_change(app, cast, amina, statement, said) -> None:
    end_on(amina, date(2026, 2, 20))
    db.session.commit()
    with pytest.raises(DBAPIError):
        db.session.execute(text(statement))
    db.session.rollback()
    assert len(changes()) == 1


ROWS = (
    (ChangeKind.RENEWED, MID_MARCH, date(2026, 3, 15), None, True),
    (ChangeKind.RENEWED, MID_MARCH, MID_MARCH, None, False),
    (ChangeKind.RENEWED, None, date(2026, 3, 15), None, False),
    (ChangeKind.RENEWED, MID_MARCH, date(2026, 3, 15), EndReason.OTHER, False),
    (ChangeKind.ENDED_EARLY, MID_MARCH, date(2026, 3, 13), EndReason.OTHER, True),
    (ChangeKind.ENDED_EARLY, MID_MARCH, MID_MARCH, EndReason.OTHER, False),
    (ChangeKind.ENDED_EARLY, None, MID_MARCH, EndReason.OTHER, True),
    (ChangeKind.ENDED_EARLY, None, MID_MARCH, None, False),
)


@pytest.mark.parametrize(("row", "holds"), [(row[:-1], row[-1]) for row in ROWS])
def test_the_database_says_what_a_change_is(app, cast, amina, row, holds) -> None:
    columns = dict(zip(("kind", "from_ends_on", "to_ends_on", "reason"), row, strict=True))
    db.session.add(PlacementChange(placement=amina, recorded_at=a.NOW, **columns))
    if holds:
        db.session.flush()
        return
    with pytest.raises(DBAPIError, match="ck_placement_change"):
        db.session.flush()
    db.session.rollback()
