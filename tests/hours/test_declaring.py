"""An employer declares its month on one page."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests import builders as a
from tests.hours.sheets import MARCH, decided, declared, line_of
from tracker.accounts.models import JournalEntry
from tracker.hours.models import Declaration, HoursLine, HoursLineVersion
from tracker.hours.queries.months import open_month
from tracker.hours.rules.decisions import LineDecision, Ruling
from tracker.hours.rules.months import SentMonth
from tracker.hours.rules.states import DeclarationState, LineState
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month, Period
from tracker.vocabulary.objections import Refused

PAGE = "/declarations/2026-03"
pytestmark = pytest.mark.usefixtures("april")


def hours(placement, text: str, part: int = 0) -> dict[str, str]:
    return {f"hours-{placement.public_id}-{part}": text}


def none(placement, part: int = 0) -> dict[str, str]:
    return {f"none-{placement.public_id}-{part}": "1"}


def honour(cast) -> dict[str, str]:
    return {f"honour-{cast.clause.id}": "y"}


def test_an_employer_declares_its_month(client, cast, amina) -> None:
    page = client.acting_for(cast.sophie).get(PAGE)
    assert "Déclarer mars 2026" in page.text
    assert "Amina Diallo" in page.text
    answer = client.send(PAGE, {"action": "submit", **hours(amina, "144,00"), **honour(cast)})
    assert answer.status_code == 302
    line = line_of(amina)
    assert (line.state, line.declared_hours, line.version) == (LineState.SUBMITTED, Decimal("144.00"), 1)
    version = db.session.scalars(select(HoursLineVersion)).one()
    assert (version.number, version.hours, version.submitted_by_id) == (1, Decimal("144.00"), cast.sophie.person_id)
    declaration = db.session.scalars(select(Declaration)).one()
    assert (declaration.state, declaration.attested) == (DeclarationState.SUBMITTED, True)
    entry = db.session.scalars(select(JournalEntry).where(JournalEntry.about_kind == "declaration")).one()
    assert (entry.verb, entry.facts["hours"]) == ("declaration_submitted", "144.00")
    assert "à valider" in client.get("/declarations").text


@pytest.mark.parametrize(("typed", "kept"), [("7h30", "7.50"), ("151,67", "151.67"), ("1 51,67 h", "151.67")])
def test_hours_are_read_as_people_write_them(client, cast, amina, typed, kept) -> None:
    client.acting_for(cast.sophie).send(PAGE, {"action": "submit", **hours(amina, typed), **honour(cast)})
    assert line_of(amina).declared_hours == Decimal(kept)


def test_no_hour_this_month_is_a_declaration(client, cast, amina) -> None:
    client.acting_for(cast.sophie).send(PAGE, {"action": "submit", **none(amina), **honour(cast)})
    line = line_of(amina)
    assert (line.state, line.declared_hours) == (LineState.SUBMITTED, Decimal("0.00"))


def test_opening_the_page_writes_nothing(client, cast, amina) -> None:
    client.acting_for(cast.sophie).get(PAGE)
    assert db.session.scalar(select(func.count()).select_from(Declaration)) == 0


def test_a_draft_may_be_incomplete_and_is_not_sent(client, cast, crew) -> None:
    answer = client.acting_for(cast.sophie).send(PAGE, {"action": "save", **hours(crew.amina, "100")})
    assert answer.status_code == 302
    line = line_of(crew.amina)
    assert (line.state, line.version, line.declared_hours) == (LineState.DRAFT, 0, Decimal("100.00"))
    assert db.session.scalar(select(func.count()).select_from(HoursLine)) == 1
    page = client.get(PAGE)
    assert 'value="100,00"' in page.text
    assert "1\u00a0ligne sur 4 est prête" in page.text
    client.acting_for(cast.claire)
    assert "100,00" not in client.get("/declarations").text


def test_every_objection_comes_at_once_beside_its_field(client, cast, crew) -> None:
    fields = {**hours(crew.amina, "268"), **hours(crew.karim, "abc", 1), "action": "submit"}
    page = client.acting_for(cast.sophie).send(PAGE, fields)
    assert page.status_code == 422
    text = page.text.replace("\u00a0", " ")
    assert "<title>Erreur&nbsp;: Déclarer mars 2026" in text
    assert "268,00 h dépassent ce que la loi permet sur 31 jours (265,71 h). Vouliez-vous écrire 168,00 ?" in text
    assert "Écrivez un nombre d’heures, par exemple 151,67 ou 7h30." in text
    assert "Lucas Petit : indiquez les heures" in text
    assert "Karim Benali, heures du 12/03 au 31/03 : indiquez les heures" in text
    assert "Cochez cette attestation" in text
    assert 'value="abc"' in text
    assert 'value="268"' in text
    assert db.session.scalar(select(func.count()).select_from(Declaration)) == 0


@pytest.mark.parametrize(
    ("typed", "ticked", "said"),
    [
        ("", False, "Indiquez les heures de mars, ou cochez"),
        ("120", True, "Gardez l’une des deux réponses."),
        ("-3", False, "Les heures ne sont jamais négatives."),
        ("0", False, "Pour un mois sans travail, cochez"),
        ("151,675", False, "Écrivez deux décimales au plus"),
        ("7h75", False, "les minutes vont de 0 à 59"),
        ("266", False, "dépassent ce que la loi permet"),
    ],
)
def test_what_blocks_stands_beside_its_field_and_what_was_typed_stays(client, cast, amina, typed, ticked, said) -> None:
    fields = {"action": "submit", **hours(amina, typed), **honour(cast), **(none(amina) if ticked else {})}
    page = client.acting_for(cast.sophie).send(PAGE, fields)
    assert page.status_code == 422
    field = page.text.split("field__label")[1].split("unit__name")[0]
    assert said in field
    assert f'value="{typed}"' in field
    assert db.session.scalar(select(func.count()).select_from(HoursLine)) == 0


@pytest.mark.parametrize("typed", ["-3", "abc", "123456789", "300"])
def test_a_draft_refuses_figures_that_cannot_be(client, cast, amina, typed) -> None:
    page = client.acting_for(cast.sophie).send(PAGE, {"action": "save", **hours(amina, typed)})
    assert page.status_code == 422
    assert f'value="{typed}"' in page.text


def test_a_month_that_has_not_begun_is_refused(client, cast, amina) -> None:
    fields = {"action": "submit", **hours(amina, "10"), **honour(cast)}
    page = client.acting_for(cast.sophie).send("/declarations/2026-05", fields)
    assert page.status_code == 422
    assert "n’a pas commencé" in page.text


def test_a_month_begins_on_its_first_day(client, cast, amina) -> None:
    clock.stand_on(date(2026, 5, 1))
    fields = {"action": "submit", **hours(amina, "10"), **honour(cast)}
    assert client.acting_for(cast.sophie).send("/declarations/2026-05", fields).status_code == 302


def test_no_month_opens_before_the_dates_of_the_contract(client, cast, amina) -> None:
    cast.clause.ends_on = None
    db.session.commit()
    fields = {"action": "submit", **hours(amina, "10"), **honour(cast)}
    page = client.acting_for(cast.sophie).send(PAGE, fields)
    assert page.status_code == 422
    assert "Les dates du marché ne sont pas encore complètes." in page.text


def test_an_approval_within_the_month_asks_for_two_cells(client, cast, crew) -> None:
    page = client.acting_for(cast.sophie).get(PAGE)
    assert "Heures du 02/03 au 11/03" in page.text
    assert "Heures du 12/03 au 31/03" in page.text
    declared(cast.guerin.id, {crew.amina: "140", crew.karim: ["50", "90"], crew.lucas: None})
    before, after = line_of(crew.karim, part=1), line_of(crew.karim, part=2)
    assert (before.from_on, before.to_on, before.declared_hours) == (date(2026, 3, 2), date(2026, 3, 11), 50)
    assert (after.from_on, after.to_on, after.declared_hours) == (date(2026, 3, 12), date(2026, 3, 31), 90)


def test_the_end_of_the_window_cuts_the_month_without_saying_why(client, cast) -> None:
    person = a.a_participant(cast.structure, "Karim Benali")
    decision = a.a_decision(person, cast.claire.person, decided_on=date(2024, 3, 21))
    a.a_placement(cast.pledge, person, decision, starts_on=date(2024, 3, 21))
    db.session.commit()
    page = client.acting_for(cast.sophie).get(PAGE)
    assert "Heures du 01/03 au 20/03" in page.text
    assert "heures prises en compte jusqu’au 20/03/2026" in page.text
    assert "RSA" not in page.text
    assert "rsa" not in page.text


def test_last_month_is_copied_without_a_script(client, cast, crew) -> None:
    declared(cast.guerin.id, {crew.amina: "138.50"}, Month(2026, 2))
    db.session.commit()
    page = client.acting_for(cast.sophie).get(PAGE)
    assert "Février\u00a0: 138,50\u00a0h" in page.text
    assert "Premier mois de déclaration" in page.text
    page = client.send(PAGE, {"action": f"copy:{cast.clause.id}", **hours(crew.lucas, "12")})
    assert page.status_code == 200
    assert 'value="138,50"' in page.text
    assert 'value="12"' in page.text
    assert db.session.scalar(select(func.count()).select_from(HoursLine).where(HoursLine.month == MARCH)) == 0


def test_copying_all_leaves_what_is_typed(client, cast, amina) -> None:
    declared(cast.guerin.id, {amina: "138.50"}, Month(2026, 2))
    db.session.commit()
    client.acting_for(cast.sophie)
    kept = client.send(PAGE, {"action": f"copy:{cast.clause.id}", **hours(amina, "90")})
    assert 'value="90"' in kept.text
    one = client.send(PAGE, {"action": f"copy:{amina.public_id}-0", **hours(amina, "90")})
    assert 'value="138,50"' in one.text


def test_a_form_sent_twice_acts_once(client, cast, amina) -> None:
    fields = {"action": "submit", **hours(amina, "144"), **honour(cast)}
    first = client.acting_for(cast.sophie).send(PAGE, fields, key="one key")
    again = client.send(PAGE, fields, key="one key")
    assert first.location == again.location
    assert again.status_code == 302
    assert db.session.scalar(select(func.count()).select_from(HoursLineVersion)) == 1


def test_another_window_learns_that_the_month_was_sent(client, cast, amina) -> None:
    opened = open_month(cast.guerin.id, MARCH, clock.today())
    seen = {f"seen-{cast.clause.id}": opened.clauses[0].token}
    client.acting_for(cast.sophie)
    client.send(PAGE, {"action": "save", **hours(amina, "100"), **seen}, key="first")
    late = client.send(PAGE, {"action": "submit", **hours(amina, "144"), **honour(cast), **seen}, key="second")
    assert late.status_code == 409
    assert "a changé depuis que cette page est ouverte" in late.text
    assert 'value="144"' in late.text
    assert line_of(amina).declared_hours == Decimal("100.00")


def test_a_returned_line_is_corrected_and_the_others_stand(client, cast, crew) -> None:
    (declaration,) = declared(cast.guerin.id, {crew.amina: "144", crew.karim: [None, "90"], crew.lucas: None})
    back = LineDecision(Ruling.RETURN, message="Le relevé signé dit 134,00 h.")
    decided(declaration, cast.claire.person_id, Diallo=back)
    db.session.commit()
    page = client.acting_for(cast.sophie).get(PAGE)
    assert "À corriger\u00a0: Le relevé signé dit 134,00 h." in page.text
    assert "Déjà transmis\u00a0: 3\u00a0lignes" in page.text
    assert f"hours-{crew.karim.public_id}" not in page.text
    client.send(PAGE, {"action": "submit", **hours(crew.amina, "134"), **honour(cast)})
    line = line_of(crew.amina)
    assert (line.state, line.version, line.declared_hours) == (LineState.SUBMITTED, 2, Decimal("134.00"))
    assert line_of(crew.karim, part=2).state is LineState.ACCEPTED
    versions = db.session.scalars(
        select(HoursLineVersion).where(HoursLineVersion.line_id == line.id).order_by(HoursLineVersion.number)
    ).all()
    assert [(one.hours, one.outcome) for one in versions] == [(144, LineState.RETURNED), (134, None)]


def test_a_correction_kept_as_a_draft_leaves_the_declaration_to_correct(client, cast, amina) -> None:
    (declaration,) = declared(cast.guerin.id, {amina: "144"})
    decided(declaration, cast.claire.person_id, Diallo=LineDecision(Ruling.RETURN, message="À vérifier."))
    db.session.commit()
    client.acting_for(cast.sophie).send(PAGE, {"action": "save", **hours(amina, "130")})
    assert line_of(amina).state is LineState.DRAFT
    assert db.session.scalars(select(Declaration)).one().state is DeclarationState.RETURNED


def test_somebody_proposed_after_the_month_was_sent_is_declared_in_turn(client, cast, crew) -> None:
    declared(cast.guerin.id, {crew.amina: "144", crew.karim: [None, "90"], crew.lucas: None})
    fatou = a.a_participant(cast.structure, "Fatou Ndiaye")
    late = a.a_placement(cast.pledge, fatou, None, starts_on=date(2026, 3, 20))
    db.session.commit()
    client.acting_for(cast.sophie).send(PAGE, {"action": "submit", **hours(late, "40"), **honour(cast)})
    assert line_of(late).declared_hours == Decimal("40.00")
    assert db.session.scalar(select(func.count()).select_from(Declaration)) == 1


def test_a_draft_of_the_whole_month_is_forgotten_once_an_approval_cuts_it(client, cast, crew) -> None:
    client.acting_for(cast.sophie).send(PAGE, {"action": "save", **hours(crew.lucas, "120")})
    decision = a.a_decision(crew.lucas.participant, cast.claire.person, decided_on=date(2026, 3, 20))
    crew.lucas.decision, crew.lucas.approved_on = decision, date(2026, 3, 20)
    db.session.commit()
    declared(cast.guerin.id, {crew.amina: "144", crew.karim: [None, "90"], crew.lucas: ["60", "50"]})
    assert [line_of(crew.lucas, part=part).declared_hours for part in (1, 2)] == [60, 50]
    assert db.session.scalar(select(func.count()).where(HoursLine.placement_id == crew.lucas.id)) == 2


def test_one_clause_waits_while_the_other_is_sent(client, cast, amina) -> None:
    second = a.a_clause(a.a_contract(cast.buyer, [cast.guerin], object="Voirie du bourg"), cast.structure)
    person = a.a_participant(cast.structure, "Teddy Morel")
    teddy = a.a_placement(a.a_pledge(second, cast.guerin), person, a.a_decision(person, cast.claire.person))
    db.session.commit()
    client.acting_for(cast.sophie).send(PAGE, {"action": "submit", **hours(amina, "144"), **honour(cast)})
    assert line_of(amina).state is LineState.SUBMITTED
    page = client.send(PAGE, {"action": "submit", **hours(teddy, "100")}, key="second")
    assert page.status_code == 422
    assert f'id="honour-{second.id}-error"' in page.text
    assert f'id="honour-{cast.clause.id}-error"' not in page.text


def test_nothing_can_be_sent_twice_from_the_actions_either(cast, amina) -> None:
    declared(cast.guerin.id, {amina: "144"})
    with pytest.raises(Refused, match="déjà transmis"):
        declared(cast.guerin.id, {})
    opened = open_month(cast.guerin.id, MARCH, clock.today())
    assert opened.open_clauses == ()
    assert SentMonth().answers == {}


def test_who_is_out_of_post_is_not_asked_for(cast, amina) -> None:
    amina.ends_on = date(2026, 2, 28)
    gone = open_month(cast.guerin.id, MARCH, clock.today())
    amina.ends_on = date(2026, 3, 1)
    there = open_month(cast.guerin.id, MARCH, clock.today())
    assert (gone.clauses, [cell.days for cell in there.clauses[0].open_cells]) == (
        (),
        [Period(date(2026, 3, 1), date(2026, 3, 1))],
    )
    db.session.rollback()


@pytest.mark.parametrize("who", ["rival", "claire"])
def test_another_employers_month_is_its_own(client, cast, amina, who) -> None:
    answer = client.acting_for(getattr(cast, who)).get(PAGE)
    assert answer.status_code == (403 if who == "claire" else 200)
    assert "Amina" not in answer.text


@pytest.mark.parametrize("address", ["/declarations/2026-13", "/declarations/mars", "/declarations/1026-03"])
def test_an_address_that_is_no_month_leads_nowhere(client, cast, address) -> None:
    assert client.acting_for(cast.sophie).get(address).status_code == 404
