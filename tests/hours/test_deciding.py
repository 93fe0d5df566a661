"""A facilitator decides a declaration line by line; what counts is booked, and the employer is told."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests import builders as a
from tests.hours.sheets import MARCH, decided, declared, line_of
from tracker.accounts.models import JournalEntry
from tracker.hours.models import Declaration, HoursLineVersion, LedgerEntry
from tracker.hours.queries.ledger import why
from tracker.hours.queries.reviews import review_of
from tracker.hours.rules.decisions import LineDecision, Ruling
from tracker.hours.rules.states import DeclarationState, LineState
from tracker.placements.rules import ContractType, Means
from tracker.plumbing.database import db
from tracker.plumbing.outbox import Message
from tracker.vocabulary.objections import Refused, Stale

pytestmark = pytest.mark.usefixtures("april")


def page_of(declaration: Declaration) -> str:
    return f"/declarations/a-valider/{declaration.public_id}"


def rule(placement, ruling: str, message: str = "", part: int = 0, motive: str = "") -> dict[str, str]:
    key = f"{placement.public_id}-{part}"
    return {f"decision-{key}": ruling, f"message-{key}": message, f"motive-{key}": motive}


@pytest.fixture
def sent(cast, crew) -> Declaration:
    """The month of the crew, sent by Sophie: Karim in two parts, Lucas without approval."""
    (declaration,) = declared(
        cast.guerin.id,
        {crew.amina: "144", crew.karim: ["50", "90"], crew.lucas: "120"},
        by=cast.sophie.person_id,
    )
    db.session.commit()
    return declaration


def everything(crew, **more: dict[str, str]) -> dict[str, str]:
    plain = {
        **rule(crew.amina, "accept"),
        **rule(crew.karim, "accept", part=1),
        **rule(crew.karim, "accept", part=2),
        **rule(crew.lucas, "accept"),
    }
    for fields in more.values():
        plain |= fields
    return {"version": "2", "action": "decide", **plain}


def test_the_page_shows_the_worst_lines_first(client, cast, crew, sent) -> None:
    page = client.acting_for(cast.claire).get(page_of(sent)).text
    assert page.index("Lucas Petit</a></h3>") < page.index("Amina Diallo</a></h3>")
    assert "sans accord d’éligibilité" in page
    assert "TA Rennes" in page
    assert "404,00\u00a0h" in page


def test_accepted_hours_are_counted_with_their_reasons(client, cast, crew, sent) -> None:
    answer = client.acting_for(cast.claire).send(page_of(sent), everything(crew))
    assert answer.status_code == 302
    counted = {
        (entry.participant_id, entry.hours)
        for entry in db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.id))
    }
    assert counted == {
        (crew.amina.participant_id, Decimal("144.00")),
        (crew.karim.participant_id, Decimal("0.00")),
        (crew.karim.participant_id, Decimal("90.00")),
        (crew.lucas.participant_id, Decimal("0.00")),
    }
    karim = line_of(crew.karim, part=1)
    assert (karim.state, karim.accepted_hours, karim.imputed_hours) == (LineState.ACCEPTED, 50, 0)
    assert line_of(crew.amina).imputed_hours == Decimal("144.00")
    said = why(karim.id)
    assert [reason["code"] for reason in said.against] == ["approval", "window"]
    assert "Travail du 02/03/2026, avant l’accord du 12/03/2026." in [reason["text"] for reason in said.against]
    entry = db.session.scalars(select(JournalEntry).where(JournalEntry.verb == "declaration_decided")).one()
    assert (entry.facts["accepted"], entry.facts["counted"]) == ("404.00", "234.00")


def test_the_employer_receives_the_reasons_exactly_as_written(client, cast, crew, sent) -> None:
    words = "Merci de reprendre\u00a0: le relevé dit 110,00\u00a0h, signé par Marc."
    back = everything(
        crew, lucas=rule(crew.lucas, "return", words), karim=rule(crew.karim, "refuse", "Avant l’accord.", 1)
    )
    client.acting_for(cast.claire).send(page_of(sent), back)
    message = db.session.scalars(select(Message)).one()
    assert message.recipient == cast.sophie.person.email
    assert message.subject.replace("\u00a0", " ") == "Déclaration de mars 2026 : à corriger"
    assert words in message.body
    assert "Lucas Petit" in message.body
    assert "refusée.\n  Avant l’accord." in message.body
    assert "RSA" not in message.body
    assert (message.about_kind, message.about_id) == ("declaration", sent.id)
    assert line_of(crew.lucas).state is LineState.RETURNED
    assert db.session.get_one(Declaration, sent.id).state is DeclarationState.RETURNED
    shown = client.acting_for(cast.sophie).get(f"/declarations/suivi/{sent.public_id}").text
    assert words in shown
    assert "Travail du 02/03/2026" not in shown


def test_a_usual_motive_is_a_reason(client, cast, crew, sent) -> None:
    client.acting_for(cast.claire).send(
        page_of(sent), everything(crew, lucas=rule(crew.lucas, "refuse", motive="before_approval"))
    )
    version = db.session.scalars(select(HoursLineVersion).where(HoursLineVersion.outcome == LineState.REFUSED)).one()
    assert version.reason == "Heures avant l’accord"
    assert db.session.get_one(Declaration, sent.id).state is DeclarationState.PARTLY_REFUSED


@pytest.mark.parametrize("ruling", ["return", "refuse"])
def test_a_refusal_without_its_reason_stops_everything(client, cast, crew, sent, ruling) -> None:
    page = client.acting_for(cast.claire).send(page_of(sent), everything(crew, one=rule(crew.amina, ruling)))
    assert page.status_code == 422
    assert "l’employeur lit vos mots tels quels" in page.text
    assert db.session.scalar(select(func.count()).select_from(LedgerEntry)) == 0
    assert line_of(crew.lucas).state is LineState.SUBMITTED


def test_every_line_needs_a_decision(client, cast, crew, sent) -> None:
    fields = {**everything(crew), f"decision-{crew.amina.public_id}-0": "perhaps"}
    page = client.acting_for(cast.claire).send(page_of(sent), fields)
    assert page.status_code == 422
    assert page.text.count("Choisissez\u00a0: accepter, corriger ou refuser.") >= 1


def test_clean_lines_are_ticked_by_one_button(client, cast, crew, sent) -> None:
    page = client.acting_for(cast.claire).send(page_of(sent), {"version": "2", "action": "accept_clean"})
    assert page.status_code == 200
    assert page.text.count('value="accept" id="decision-') == 4
    ticked = [part.split(">")[0] for part in page.text.split('value="accept"')[1:]]
    assert [" checked" in one for one in ticked] == [False, False, True, True]
    assert db.session.scalar(select(func.count()).select_from(LedgerEntry)) == 0


def elsewhere(cast, placement, hours: str) -> None:
    """The same person works the same month for the rival."""
    clause = a.a_clause(a.a_contract(cast.buyer, [cast.rival.organisation], object="Voirie"), cast.structure)
    pledge = a.a_pledge(clause, cast.rival.organisation)
    other = a.a_placement(pledge, a.a_participant(cast.structure, "Autre Personne"), placement.decision)
    other.participant_id = placement.participant_id
    db.session.commit()
    declared(cast.rival.organisation_id, {other: hours})
    db.session.commit()


def test_a_month_over_two_employers_beyond_the_law_is_accepted_for_a_reason_alone(client, cast, amina) -> None:
    (declaration,) = declared(cast.guerin.id, {amina: "180"}, by=cast.sophie.person_id)
    elsewhere(cast, amina, "90")
    client.acting_for(cast.claire)
    page = client.get(page_of(declaration)).text
    assert "180,00\u00a0h ici et 90,00\u00a0h ailleurs" in page
    assert "Accepter par dérogation" in page
    assert "Rival Bâtiment 90,00\u00a0h" in page
    fields = {"version": "2", "action": "decide", **rule(amina, "accept")}
    refused = client.send(page_of(declaration), fields)
    assert refused.status_code == 422
    assert "écrivez pourquoi vous l’acceptez" in refused.text
    fields |= rule(amina, "accept", "Deux contrats à mi-temps, bulletins vus.")
    assert client.send(page_of(declaration), fields).status_code == 302
    mine = client.acting_for(cast.sophie).get(f"/declarations/suivi/{declaration.public_id}").text
    assert "Rival" not in mine


def test_the_other_employer_is_never_told(client, cast, amina) -> None:
    elsewhere(cast, amina, "90")
    fields = {f"hours-{amina.public_id}-0": "180", f"honour-{cast.clause.id}": "y", "action": "submit"}
    assert client.acting_for(cast.sophie).send("/declarations/2026-03", fields).status_code == 302


def test_two_facilitators_one_after_the_other(client, cast, crew, sent) -> None:
    client.acting_for(cast.claire).send(page_of(sent), everything(crew), key="claire")
    words = "Relevé manquant, dit Agnès."
    late = client.acting_for(cast.administrator).send(
        page_of(sent), everything(crew, one=rule(crew.amina, "return", words)), key="agnes"
    )
    assert late.status_code == 409
    assert "Claire Morvan a décidé le " in late.text
    assert "4\u00a0lignes acceptées" in late.text
    assert words in late.text
    assert line_of(crew.amina).state is LineState.ACCEPTED
    assert db.session.scalar(select(func.count()).select_from(Message)) == 1


def test_an_old_page_never_decides_a_corrected_line(cast, amina) -> None:
    (declaration,) = declared(cast.guerin.id, {amina: "144"})
    decided(declaration, cast.claire.person_id, Diallo=LineDecision(Ruling.RETURN, message="À vérifier."))
    declared(cast.guerin.id, {amina: "134"})
    db.session.commit()
    review = review_of(db.session.get_one(Declaration, declaration.id))
    with pytest.raises(Stale, match="a transmis une nouvelle version"):
        from_an_old_page(review)


def from_an_old_page(review) -> None:
    from tests.hours.sheets import ACCEPT, ADDRESS, NOW  # noqa: PLC0415 - the only test that speaks to the action
    from tracker.hours.actions.decisions import decide_declaration  # noqa: PLC0415 - as above

    decisions = {line.key: ACCEPT for line in review.lines}
    decide_declaration(review, decisions, review.version - 2, None, NOW, ADDRESS)


def test_returned_corrected_accepted(cast, amina) -> None:
    (declaration,) = declared(cast.guerin.id, {amina: "144"})
    decided(declaration, cast.claire.person_id, Diallo=LineDecision(Ruling.RETURN, message="Dix de trop."))
    declared(cast.guerin.id, {amina: "134"})
    decided(declaration, cast.claire.person_id)
    line = line_of(amina)
    assert (line.version, line.accepted_hours, line.imputed_hours) == (2, 134, 134)
    assert declaration.state is DeclarationState.ACCEPTED
    assert db.session.scalars(select(LedgerEntry.hours)).all() == [Decimal("134.00")]


def test_no_hour_at_all_is_accepted_and_counts_nothing(cast, amina) -> None:
    (declaration,) = declared(cast.guerin.id, {amina: None})
    decided(declaration, cast.claire.person_id)
    assert declaration.state is DeclarationState.ACCEPTED
    assert db.session.scalars(select(LedgerEntry.hours)).all() == [Decimal("0.00")]


def test_a_decision_without_a_line_is_refused(cast, amina) -> None:
    (declaration,) = declared(cast.guerin.id, {amina: "10"})
    with pytest.raises(Refused, match="Choisissez"):
        decided(declaration, cast.claire.person_id, Diallo=LineDecision())


def test_means_the_clause_does_not_allow_count_nothing(cast, amina) -> None:
    cast.clause.means = [Means.HIRING_OUT.value]
    (declaration,) = declared(cast.guerin.id, {amina: "100"})
    decided(declaration)
    assert [reason["code"] for reason in why(line_of(amina).id).against] == ["means"]


def test_training_counts_up_to_its_cap_over_the_whole_clause(cast) -> None:
    cast.clause.training_cap_hours = Decimal("50.00")
    people = [a.a_participant(cast.structure, name) for name in ("Un Premier", "Deux Second")]
    placed = [
        a.a_placement(cast.pledge, one, a.a_decision(one, cast.claire.person), means=Means.TRAINING) for one in people
    ]
    (declaration,) = declared(cast.guerin.id, dict.fromkeys(placed, "30"))
    decided(declaration)
    assert sorted(db.session.scalars(select(LedgerEntry.hours))) == [Decimal("20.00"), Decimal("30.00")]


def test_an_internship_is_recorded_and_counts_nothing(cast) -> None:
    person = a.a_participant(cast.structure, "Stagiaire Un")
    decision = a.a_decision(person, cast.claire.person)
    placement = a.a_placement(cast.pledge, person, decision, contract_type=ContractType.INTERNSHIP)
    (declaration,) = declared(cast.guerin.id, {placement: "70"})
    decided(declaration)
    assert db.session.scalars(select(LedgerEntry.hours)).all() == [Decimal("0.00")]


def booked(line, hours: str, **more) -> LedgerEntry:
    entry = db.session.scalars(select(LedgerEntry)).one()
    names = (
        "line_id",
        "line_version_id",
        "pledge_id",
        "clause_id",
        "participant_id",
        "month",
        "rule_version",
        "booked_at",
    )
    row = {name: getattr(entry, name) for name in names}
    return LedgerEntry(**{**row, "hours": Decimal(hours), "reasons": [], **more})


@pytest.mark.parametrize(
    ("hours", "kind", "why_not"),
    [
        ("0.01", "correction", "imputed_within_accepted"),
        ("-100.01", "correction", "imputed_within_accepted"),
        ("0.00", "count", "uq_ledger_entry_line_version_id_clause_id_kind"),
    ],
)
def test_the_database_refuses_that_an_hour_counts_twice(cast, amina, hours, kind, why_not) -> None:
    (declaration,) = declared(cast.guerin.id, {amina: "100"})
    decided(declaration)
    db.session.commit()
    db.session.add(booked(line_of(amina), hours, kind=kind))
    with pytest.raises(IntegrityError, match=why_not):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize(
    ("who", "status"), [("sophie", 403), ("helene", 403), ("other_facilitator", 404), ("administrator", 200)]
)
def test_who_may_decide(client, cast, crew, sent, who, status) -> None:
    assert client.acting_for(getattr(cast, who)).get(page_of(sent)).status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("sophie", 200), ("claire", 200), ("rival", 404), ("other_facilitator", 404), ("helene", 403)]
)
def test_who_may_follow(client, cast, crew, sent, who, status) -> None:
    answer = client.acting_for(getattr(cast, who)).get(f"/declarations/suivi/{sent.public_id}")
    assert answer.status_code == status


def test_a_decided_declaration_leads_to_its_follow_up(client, cast, crew, sent) -> None:
    client.acting_for(cast.claire).send(page_of(sent), everything(crew))
    answer = client.get(page_of(sent))
    assert answer.location == f"/declarations/suivi/{sent.public_id}"
    page = client.get(answer.location).text
    assert "50,00\u00a0h acceptées ne comptent pas pour la clause" in page
    assert "avant l’accord du 12/03/2026" in page


def test_late_is_judged_on_the_day_of_sending(cast, amina) -> None:
    on_time, late = date(2026, 4, 15), date(2026, 4, 16)
    (declaration,) = declared(cast.guerin.id, {amina: "10"}, MARCH, on_time)
    assert review_of(declaration).flaws == ()
    decided(declaration, Diallo=LineDecision(Ruling.RETURN, message="Encore."))
    declared(cast.guerin.id, {amina: "10"}, MARCH, late)
    assert [flaw.code for flaw in review_of(declaration).flaws] == ["late"]
