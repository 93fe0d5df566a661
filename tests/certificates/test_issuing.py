"""Issuing, replacing and revoking: who may be attested, under which number, and what is frozen for good."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests import builders as a
from tests.cast import Cast
from tests.certificates.world import (
    NOW,
    OFFICE,
    PAPER,
    TODAY,
    a_declaration,
    a_month,
    a_worker,
    an_issue,
    as_drawn,
    ended,
    idle,
)
from tracker.accounts.queries import journal_of
from tracker.accounts.rules import verb_in_french
from tracker.certificates.actions import Order, issue, revoke
from tracker.certificates.models import Certificate, CertificateEnd
from tracker.certificates.queries.certificates import certificates_of, ends_of, standing_of
from tracker.certificates.queries.statements import statement_on
from tracker.certificates.rules import Kind, Standing, check_code
from tracker.contracts.rules.obligations import EventKind
from tracker.hours.models import LedgerEntry
from tracker.hours.queries.progress import progress_of
from tracker.hours.rules.states import DeclarationState
from tracker.plumbing import files, sessions
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month
from tracker.vocabulary.frozen import fingerprint
from tracker.vocabulary.objections import Refused, Stale

D = Decimal


def refusal(cast: Cast, **more: object) -> list[str]:
    """The codes for which a certificate is refused."""
    with pytest.raises(Refused) as caught:
        an_issue(cast, **more)
    db.session.rollback()
    return [one.code for one in caught.value.objections]


def test_the_figures_are_those_of_the_pages_to_the_hundredth(cast: Cast) -> None:
    clause = as_drawn(cast)
    facts = an_issue(cast).facts
    figures = progress_of([clause], TODAY)[clause.id]
    in_sql = db.session.scalar(select(func.sum(LedgerEntry.hours)).where(LedgerEntry.clause_id == clause.id))
    assert [D(facts[name]) for name in ("due", "declared", "accepted", "refused", "pending", "counted")] == [
        figures.due,
        figures.declared,
        figures.accepted,
        figures.refused,
        figures.pending,
        figures.counted,
    ]
    assert D(facts["counted"]) == in_sql == D("1607.50")
    assert sum(D(one["hours"]) for one in facts["by_means"]) == in_sql
    assert D(facts["surplus"]) == D("107.50")


def test_what_is_declared_less_what_is_set_aside_is_what_is_validated(cast: Cast) -> None:
    clause = ended(cast)
    worker = a_worker(cast, "Amina Diallo")
    a_month(worker, Month(2026, 1), "100.00", counted="60.00")
    a_month(worker, Month(2026, 2), "30.00", accepted="0.00", state=DeclarationState.PARTLY_REFUSED)
    a_month(worker, Month(2026, 3), "20.00", state=DeclarationState.SUBMITTED)
    facts = an_issue(cast, clause, kind=Kind.INTERIM).facts
    set_aside = sum(D(facts[name]) for name in ("pending", "refused", "not_counted"))
    assert [facts[name] for name in ("pending", "refused", "not_counted")] == ["20.00", "30.00", "40.00"]
    assert D(facts["declared"]) - set_aside == D(facts["counted"]) == D("60.00")


def test_only_people_with_counted_hours_are_participants(cast: Cast) -> None:
    as_drawn(cast)
    assert an_issue(cast).facts["participants"] == 3  # the fourth had only refused hours


def test_the_fingerprint_is_made_again_from_the_facts_kept(cast: Cast) -> None:
    as_drawn(cast)
    certificate = an_issue(cast)
    db.session.expire_all()
    assert fingerprint(certificate.facts) == certificate.facts_digest
    assert fingerprint({**certificate.facts, "counted": "1607.51"}) != certificate.facts_digest


def test_no_category_and_no_participant_stand_in_the_facts(cast: Cast) -> None:
    as_drawn(cast)
    kept = str(an_issue(cast).facts)
    assert not [word for word in ("RSA", "rsa", "Diallo", "Cherif", "Robin", "Amar") if word in kept]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"ends_on": date(2026, 4, 8)}, ["not_ended"]),
        ({"ends_on": None}, ["dates_missing"]),
        ({"facilitator": None}, ["signatory_missing"]),
    ],
)
def test_a_final_certificate_waits_for_what_it_needs(cast: Cast, change: dict[str, object], codes: list[str]) -> None:
    clause = as_drawn(cast)
    for name, value in change.items():
        setattr(clause, name, value)
    db.session.commit()
    assert refusal(cast) == codes


def test_a_contract_without_holder_or_hours_due_attests_nothing(cast: Cast) -> None:
    contract = a.a_contract(cast.buyer, [], ends_on=date(2026, 3, 31))
    clause = a.a_clause(contract, cast.structure, due=None, facilitator=cast.claire.person)
    db.session.commit()
    assert refusal(cast, clause=clause) == ["due_missing", "holder_missing"]


@pytest.mark.parametrize(
    ("month", "state", "said"),
    [
        (Month(2026, 3), None, "mars 2026\u00a0: à déclarer"),
        (Month(2026, 3), DeclarationState.DRAFT, "mars 2026\u00a0: à déclarer"),
        (Month(2026, 3), DeclarationState.SUBMITTED, "mars 2026\u00a0: à valider"),
        (Month(2026, 3), DeclarationState.RETURNED, "mars 2026\u00a0: à déclarer"),
        (Month(2026, 3), DeclarationState.ACCEPTED, None),
        (Month(2026, 3), DeclarationState.PARTLY_REFUSED, None),
    ],
)
def test_each_month_in_post_is_declared_and_decided_before_a_final_one(
    cast: Cast, month: Month, state: DeclarationState | None, said: str | None
) -> None:
    clause = ended(cast)
    worker = a_worker(cast, "Amina Diallo", employer=a.an_organisation("Relais Intérim"))
    for number in (1, 2):
        a_declaration(clause, worker.employer, Month(2026, number), DeclarationState.ACCEPTED)
    if state:
        a_declaration(clause, worker.employer, month, state)
    db.session.commit()
    left = [one.open_month.text for one in statement_on(clause, TODAY).months_left]
    assert left == ([f"Relais Intérim, {said}"] if said else [])
    if said:
        assert refusal(cast) == ["month_open"]


def test_months_before_an_opening_balance_are_covered_by_it(cast: Cast) -> None:
    clause = ended(cast, idle_until=Month(2025, 12))
    a_worker(cast, "Amina Diallo")
    a.an_event(clause, "0.00", kind=EventKind.OPENING_BALANCE, occurs_on=date(2026, 3, 1))
    db.session.commit()
    assert [one.open_month.month for one in statement_on(clause, TODAY).months_left] == [Month(2026, 3)]


def test_a_refused_placement_owes_no_month(cast: Cast) -> None:
    clause = ended(cast)
    a.a_placement(
        cast.pledge,
        a.a_participant(cast.structure, "Paul Noir"),
        None,
        starts_on=date(2026, 1, 5),
        refused_at=NOW,
        refusal_reason="hors liste",
    )
    db.session.commit()
    assert statement_on(clause, TODAY).months_left == ()


def test_an_interim_certificate_names_the_months_still_open(cast: Cast) -> None:
    clause = ended(cast, idle_until=Month(2026, 2))
    a_worker(cast, "Amina Diallo", starts_on=date(2026, 3, 2))
    facts = an_issue(cast, clause, kind=Kind.INTERIM, reservations="Feuilles non reçues.").facts
    assert facts["open_months"] == ["Guérin Construction, mars 2026\u00a0: à déclarer"]
    assert facts["reservations"] == "Feuilles non reçues."


def test_a_new_certificate_of_the_clause_is_the_next_version_of_its_number(cast: Cast) -> None:
    clause = as_drawn(cast)
    first = an_issue(cast)
    second = an_issue(cast, seen_version=1, reason=" Avenant n° 2. ")
    assert [(one.number, one.version) for one in (first, second)] == [("AR-2026-0001", 1), ("AR-2026-0001", 2)]
    assert standing_of([first, second]) == {first.id: Standing.REPLACED, second.id: Standing.VALID}
    end = ends_of([first])[first.id]
    assert (end.replaced_by_id, end.reason, end.ended_on) == (second.id, "Avenant n° 2.", TODAY)
    assert certificates_of([clause.id, 0]) == {clause.id: [second, first], 0: []}
    assert len({first.code, second.code}) == 2
    assert [one.check_code for one in (first, second)] == [
        check_code(f"AR-2026-0001/{version}", OFFICE.key) for version in (1, 2)
    ]


def test_a_certificate_is_not_replaced_without_a_reason(cast: Cast) -> None:
    as_drawn(cast)
    an_issue(cast)
    assert refusal(cast, seen_version=1, reason="  ") == ["reason_missing"]


def test_who_has_not_seen_the_latest_version_is_told(cast: Cast) -> None:
    as_drawn(cast)
    an_issue(cast)
    with pytest.raises(Stale, match=r"AR-2026-0001, version 1, a été délivrée le 08/04/2026"):
        an_issue(cast, seen_version=0, reason="Avenant")


def test_after_a_revocation_the_next_version_replaces_nothing(cast: Cast) -> None:
    as_drawn(cast)
    first = an_issue(cast)
    revoke(first, "Heures déclarées deux fois.", cast.claire.person_id, NOW, TODAY)
    second = an_issue(cast, seen_version=1)
    assert standing_of([first, second]) == {first.id: Standing.REVOKED, second.id: Standing.VALID}
    assert second.version == 2


def test_a_certificate_is_revoked_once_and_for_a_reason(cast: Cast) -> None:
    as_drawn(cast)
    certificate = an_issue(cast)
    with pytest.raises(Refused):
        revoke(certificate, " ", cast.claire.person_id, NOW, TODAY)
    revoke(certificate, "Erreur", cast.claire.person_id, NOW, TODAY)
    with pytest.raises(Stale):
        revoke(certificate, "Encore", cast.claire.person_id, NOW, TODAY)


def test_numbers_follow_one_another_in_a_year_and_begin_again(cast: Cast) -> None:
    clause = as_drawn(cast)
    an_issue(cast)
    other = a.a_clause(cast.contract, cast.structure, due="10.00", facilitator=cast.claire.person)
    third = a.a_clause(cast.contract, cast.structure, due="10.00", facilitator=cast.claire.person)
    for one in (other, third):
        idle(one, cast.guerin)
    db.session.commit()
    assert an_issue(cast, other).number == "AR-2026-0002"
    later = issue(third, Order(Kind.FINAL), OFFICE, cast.claire.person_id, NOW, date(2027, 1, 4), lambda facts: PAPER)
    assert later.number == "AR-2027-0001"
    assert an_issue(cast, clause, seen_version=1, reason="Avenant").number == "AR-2026-0001"


def test_the_file_kept_is_the_one_that_was_drawn(cast: Cast) -> None:
    as_drawn(cast)
    drawn: list[bytes] = []

    def draw(facts) -> bytes:
        drawn.append(PAPER + facts["number"].encode())
        return drawn[-1]

    certificate = an_issue(cast, draw=draw)
    assert [files.content_of(certificate.file_digest)] == drawn


def test_the_journal_says_it_of_the_certificate_and_of_its_clause(cast: Cast) -> None:
    clause = as_drawn(cast)
    certificate = an_issue(cast)
    revoke(certificate, "Erreur", cast.claire.person_id, NOW, TODAY)
    db.session.commit()
    for about in (("certificate", certificate.id), ("clause", clause.id)):
        verbs = [entry.verb for entry in journal_of(about) if entry.verb.startswith("certificate")]
        assert verbs == ["certificate_revoked", "certificate_issued"]
        assert all(verb_in_french(verb) != verb for verb in verbs)
    assert journal_of(("certificate", certificate.id))[-1].facts["counted"] == "1607.50"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE certificate SET version = 9",
        "DELETE FROM certificate",
        "TRUNCATE certificate CASCADE",
        "UPDATE certificate_end SET reason = 'autre'",
        "DELETE FROM certificate_end",
    ],
)
def test_the_database_lets_nobody_change_a_certificate(cast: Cast, statement: str) -> None:
    as_drawn(cast)
    certificate = an_issue(cast)
    revoke(certificate, "Erreur", cast.claire.person_id, NOW, TODAY)
    db.session.commit()
    with pytest.raises(DBAPIError):
        db.session.execute(text(statement))


def at_once(app, acts: list) -> list[object]:
    """What each act gives, all begun at the same moment, each in its own session as requests are."""
    barrier, found = Barrier(len(acts)), []

    def run(act) -> None:
        sessions.set_actor(sessions.Actor("command"))
        with app.app_context():
            barrier.wait()
            try:
                found.append(act())
                db.session.commit()
            except (Stale, Refused) as told:
                db.session.rollback()
                found.append(type(told).__name__)
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def numbered(clause_id: int, person_id: int, **order: object) -> tuple[str, int]:
    clause = db.session.get_one(a.Clause, clause_id)
    made = issue(clause, Order(Kind.FINAL, **order), OFFICE, person_id, NOW, TODAY, lambda facts: PAPER)
    return made.number, made.version


def test_two_clauses_attested_at_once_get_two_numbers(app, cast: Cast) -> None:
    cast.contract.ends_on = date(2026, 3, 31)
    clauses = [
        idle(a.a_clause(cast.contract, cast.structure, due="10.00", facilitator=cast.claire.person), cast.guerin)
        for _ in range(4)
    ]
    db.session.commit()
    ids, person_id = [clause.id for clause in clauses], cast.claire.person_id
    found = at_once(app, [lambda one=one: numbered(one, person_id) for one in ids])
    assert sorted(found) == [(f"AR-2026-000{rank}", 1) for rank in (1, 2, 3, 4)]


def test_one_clause_attested_twice_at_once_has_one_certificate_and_somebody_told(app, cast: Cast) -> None:
    clause_id, person_id = ended(cast).id, cast.claire.person_id
    db.session.commit()
    found = at_once(app, [lambda: numbered(clause_id, person_id)] * 2)
    assert sorted(map(str, found)) == ["('AR-2026-0001', 1)", "Stale"]


def test_one_certificate_revoked_and_replaced_at_once_ends_once(app, cast: Cast) -> None:
    ended(cast)
    certificate_id, person_id = an_issue(cast).id, cast.claire.person_id
    clause_id = cast.clause.id

    def take_away() -> str:
        revoke(db.session.get_one(Certificate, certificate_id), "Erreur", person_id, NOW, TODAY)
        return "revoked"

    found = at_once(app, [take_away, lambda: numbered(clause_id, person_id, reason="Avenant", seen_version=1)])
    ends = db.session.scalars(select(CertificateEnd)).all()
    assert len(ends) == 1
    assert len(found) == 2
