"""An identity is put right by those in charge: its versions are kept, can be erased, and the journal holds none."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from threading import Barrier

import pytest
from sqlalchemy import func, select

from tests import builders as a
from tracker.accounts.models import JournalEntry, Reading
from tracker.accounts.queries import journal_of
from tracker.participants.actions import add_participant, correct_identity, purge_identity_versions
from tracker.participants.models import IdentityVersion, Participant
from tracker.participants.queries import versions_of
from tracker.participants.rules.identity import EducationLevel, IdentityDraft, Sex
from tracker.plumbing import clock, sessions
from tracker.plumbing.database import db
from tracker.vocabulary.objections import Refused, Stale

DIALO = IdentityDraft("Amina", "Dialo", date(1990, 5, 17), Sex.FEMALE, "37261", EducationLevel.LEVEL_3)
DIALLO = replace(DIALO, family_name="Diallo")
TYPED = {
    "given_name": "Amina",
    "family_name": "Dialo",
    "born_on": "17/05/1990",
    "sex": "female",
    "commune_code": "Tours (37)",
    "level": "3",
}


@pytest.fixture
def amina(communes, cast) -> Participant:
    """Amina, whose name was entered with one letter too few by the employer's own hand."""
    clock.stand_on(a.TODAY)
    sophie = sessions.Actor("page", cast.sophie.person_id, cast.guerin.id)
    db.session.commit()
    with sessions.acting_as(sophie):
        person = add_participant(DIALO, cast.structure.id, a.NOW, a.TODAY)
        db.session.commit()
    return person


@pytest.fixture
def placed(cast, amina):
    """Amina at work, granted on 01/09/2025."""
    return a.a_placement(cast.pledge, amina, a.a_decision(amina, cast.claire.person))


def address(person) -> str:
    return f"/participants/{person.public_id}/identite"


def correct(client, person, key="once", version=1, **changes):
    return client.send(address(person), {**TYPED, "version": version, **changes}, key=key)


def kept(person) -> list[tuple[int, IdentityDraft, int | None]]:
    """Each version from the first: number, identity, who recorded it."""
    return [(one.number, one.identity, one.recorded_by_id) for one in reversed(versions_of(person.id))]


def corrections() -> list[JournalEntry]:
    return list(db.session.scalars(select(JournalEntry).where(JournalEntry.verb == "identity_corrected")))


class Values(HTMLParser):
    """What a page's form holds: a box's when it is checked, a list's chosen answer."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.list = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "select":
            self.list = found["name"]
        elif tag == "option" and "selected" in found:
            self.found[self.list] = found["value"]
        elif tag == "input" and (found["type"] not in ("radio", "checkbox") or "checked" in found):
            self.found[found["name"]] = found.get("value", "")


def compared(html: str) -> dict[str, tuple[str, ...]]:
    """What a page lays side by side, by label: what stands, what was typed."""
    found = re.findall(r"<d([td]) class[^>]*>([^<]*)<", html)
    labels = [rank for rank, (kind, _) in enumerate(found) if kind == "t"]
    return {found[rank][1]: tuple(text for _, text in found[rank + 1 : rank + 3]) for rank in labels}


def test_who_enters_somebody_writes_the_first_version(cast, amina):
    assert kept(amina) == [(1, DIALO, cast.sophie.person_id)]


def test_a_correction_is_the_next_version_and_stands_everywhere(client, cast, amina):
    response = correct(client.acting_for(cast.claire), amina, family_name="  Diallo ")
    assert response.location == f"/participants/{amina.public_id}"
    assert kept(amina) == [(1, DIALO, cast.sophie.person_id), (2, DIALLO, cast.claire.person_id)]
    assert (amina.identity, amina.sort_key, amina.version_id) == (DIALLO, "diallo amina", 2)
    assert "L’identité est corrigée." in client.get(response.location).text


CHANGES = (
    ({"given_name": "Aminata"}, {"given_name": "Aminata"}),
    ({"born_on": "18/05/1990"}, {"born_on": date(1990, 5, 18)}),
    ({"sex": "other"}, {"sex": Sex.OTHER}),
    ({"commune_code": "37000 Tours"}, None),
    ({"commune_code": "Nantes"}, {"commune_code": "44109"}),
    ({"commune_code": ""}, {"commune_code": ""}),
    ({"level": ""}, {"level": None}),
    ({"family_name": "Diallo", "level": "4"}, {"family_name": "Diallo", "level": EducationLevel.LEVEL_4}),
    ({"family_name": "N’Diallo-Guyễn"}, {"family_name": "N’Diallo-Guyễn"}),
    ({}, None),
)


@pytest.mark.parametrize(("typed", "changed"), CHANGES)
def test_each_answer_is_corrected_alone_and_the_same_answers_write_nothing(client, cast, amina, typed, changed):
    journal = db.session.scalar(select(func.count(JournalEntry.id)))
    response = correct(client.acting_for(cast.claire), amina, **typed)
    page = client.get(response.location).text
    assert amina.identity == replace(DIALO, **(changed or {}))
    if changed:
        assert [entry.facts["fields"] for entry in corrections()] == [list(changed)]
    else:
        assert "Rien n’a changé" in page
        assert (len(kept(amina)), amina.version_id) == (1, 1)
        assert db.session.scalar(select(func.count(JournalEntry.id))) == journal


def test_the_page_opens_on_what_stands(client, cast, amina):
    held = Values(client.acting_for(cast.claire).get(address(amina)).text).found
    assert {name: held[name] for name in TYPED} == TYPED
    assert held["version"] == "1"


@pytest.mark.usefixtures("communes")
@pytest.mark.parametrize("code", ["99999", ""])
def test_a_commune_that_no_list_knows_stays_as_it_is(client, cast, amina, code):
    amina.commune_code = code
    client.acting_for(cast.claire)
    held = Values(client.get(address(amina)).text).found
    assert client.send(address(amina), {**held, "family_name": "Diallo"}).status_code == 302
    assert amina.identity == replace(DIALLO, commune_code=code)


WRONG = (
    ({"given_name": ""}, "given_name", "Indiquez le prénom."),
    ({"family_name": "2 90 05 37 261 012 34"}, "family_name", "N’écrivez pas le numéro de sécurité sociale"),
    ({"family_name": "é" * 201}, "family_name", "Écrivez 200 signes au plus."),
    ({"family_name": "محمد"}, "family_name", "Écrivez le nom en lettres latines"),
    ({"born_on": "hier"}, "born_on", "Écrivez une date comme 12/03/2026."),
    ({"born_on": "09/04/2026"}, "born_on", "La date de naissance est dans l’avenir."),
    ({"sex": "martian"}, "sex", "Indiquez le sexe."),
    ({"commune_code": "Atlantide"}, "commune_code", "Aucune commune ne porte ce nom"),
    ({"commune_code": "Saint-Aubin"}, "commune_code", "Précisez"),
)


@pytest.mark.parametrize(("typed", "field", "said"), WRONG, ids=[row[2] for row in WRONG])
def test_a_wrong_answer_is_asked_again_beside_its_field_and_all_that_was_typed_stays(
    client, cast, amina, typed, field, said
):
    response = correct(client.acting_for(cast.claire), amina, level="8", **typed)
    assert (response.status_code, response.text.lower().count(said.lower())) == (422, 2)
    assert f'href="#{field}' in response.text
    held = Values(response.text).found
    assert held["level"] == "8"
    assert field == "sex" or held[field] == typed[field]
    assert (amina.identity, len(kept(amina)), corrections()) == (DIALO, 1, [])


def test_every_fault_is_said_at_once(client, cast, amina):
    page = correct(client.acting_for(cast.claire), amina, given_name="", born_on="hier", commune_code="Atlantide").text
    assert all(said in page for said in ("Indiquez le prénom.", "Écrivez une date", "Aucune commune"))


def test_who_corrects_second_reads_both_versions_and_loses_nothing(client, cast, amina):
    correct(client.acting_for(cast.claire), amina, key="first", family_name="Diallo", born_on="18/05/1990")
    client.acting_for(cast.administrator)
    second = correct(client, amina, key="second", family_name="Dialloh", level="4")
    assert second.status_code == 409
    assert "Claire Morvan a corrigé le nom et la date de naissance le 08/04/2026 à" in second.text
    assert compared(second.text) == {
        "Nom": ("Diallo", "Dans votre formulaire\u00a0: Dialloh"),
        "Date de naissance": ("18/05/1990", "Dans votre formulaire\u00a0: 17/05/1990"),
        "Niveau de diplôme": ("niveau 3 (CAP, BEP)", "Dans votre formulaire\u00a0: niveau 4 (baccalauréat)"),
    }
    held = Values(second.text).found
    assert (held["family_name"], held["level"], held["version"]) == ("Dialloh", "4", "2")
    assert amina.family_name == "Diallo"
    assert client.send(address(amina), held).status_code == 302
    assert (amina.family_name, amina.born_on, amina.version_id) == ("Dialloh", date(1990, 5, 17), 3)


def test_the_same_correction_made_by_another_leaves_nothing_to_do(client, cast, amina):
    correct(client.acting_for(cast.claire), amina, key="first", family_name="Diallo")
    second = correct(client.acting_for(cast.administrator), amina, key="second", family_name="Diallo")
    assert (second.status_code, compared(second.text)) == (409, {})
    assert "Ce que vous avez écrit est déjà enregistré" in second.text


def test_another_act_in_the_file_is_told_too(client, cast, amina):
    waiting = a.a_placement(cast.pledge, amina, None, starts_on=date(2026, 4, 13))
    amina.last_event_on = date(2026, 4, 7)
    db.session.commit()
    refusal = {"version": 1, "outcome": "refused", "refusal_reason": "Contrat signé avant."}
    client.acting_for(cast.claire).send(f"/mises-a-l-emploi/{waiting.public_id}/eligibilite", refusal)
    response = correct(client.acting_for(cast.administrator), amina, version=2, family_name="Diallo")
    assert response.status_code == 409
    assert "Claire Morvan a agi sur ce dossier (mise à l’emploi refusée) le 08/04/2026" in response.text


@pytest.mark.parametrize("version", ["", "0", "2", "no number", "1" + "0" * 30])
def test_a_version_that_the_page_never_showed_is_stale(client, cast, amina, version):
    response = correct(client.acting_for(cast.claire), amina, version=version, family_name="Diallo")
    assert (response.status_code, amina.identity) == (409, DIALO)


def test_a_form_sent_twice_corrects_once(client, cast, amina):
    client.acting_for(cast.claire)
    first, second = (correct(client, amina, family_name="Diallo") for _ in range(2))
    assert (first.location, len(kept(amina))) == (second.location, 2)


def test_two_who_correct_at_the_same_moment_make_one_correction(app, cast, amina):
    clients = [app.test_client().acting_for(one) for one in (cast.claire, cast.administrator)]
    public_id, gate = address(amina), Barrier(len(clients))
    db.session.commit()

    def hand(number: int) -> int:
        gate.wait()
        typed = {**TYPED, "version": 1, "family_name": f"Diallo{'h' * number}"}
        return clients[number].send(public_id, typed, key=f"hand-{number}").status_code

    with ThreadPoolExecutor(len(clients)) as hands:
        assert sorted(hands.map(hand, range(len(clients)))) == [302, 409]
    db.session.expire_all()
    assert (len(kept(amina)), len(corrections())) == (2, 1)


def test_the_action_refuses_with_every_objection_and_writes_nothing(cast, amina):
    hand = cast.claire.person_id
    with pytest.raises(Refused) as refused:
        correct_identity(amina, IdentityDraft("", "12", None), 1, hand, a.NOW, a.TODAY)
    found = {one.field for one in refused.value.objections if one.blocks}
    assert found == {"given_name", "family_name", "born_on", "sex"}
    with pytest.raises(Stale, match=r"Sophie Guérin a agi sur ce dossier \(personne enregistrée\)"):
        correct_identity(amina, DIALLO, 2, hand, a.NOW, a.TODAY)
    assert kept(amina) == [(1, DIALO, cast.sophie.person_id)]


def test_the_journal_names_the_fields_and_holds_no_value(client, cast, amina):
    changes = {"given_name": "Zaprenom", "family_name": "Zanom", "born_on": "01/02/1985", "commune_code": "Nantes"}
    correct(client.acting_for(cast.claire), amina, **changes, sex="other", level="8")
    (entry,) = corrections()
    fields = ["given_name", "family_name", "born_on", "sex", "commune_code", "level"]
    assert (entry.person_id, entry.about_id, entry.facts) == (
        cast.claire.person_id,
        amina.id,
        {"fields": fields, "version": 2},
    )
    assert "Identité corrigée" in client.get(f"/participants/{amina.public_id}").text


def test_a_file_says_what_somebody_was_called_and_who_put_it_right(client, cast, amina):
    correct(client.acting_for(cast.claire), amina, key="1", family_name="Diallo")
    correct(client, amina, key="2", version=2, family_name="Diallo", commune_code="Nantes", level="")
    page = client.get(f"/participants/{amina.public_id}").text
    earlier = page.partition('id="identites"')[2].partition("</section>")[0]
    commune = "Commune du domicile\u00a0: Tours (37)\u00a0; niveau de diplôme\u00a0: niveau 3 (CAP, BEP)."
    assert f"{commune} Corrigé par Claire Morvan." in earlier
    assert "Nom\u00a0: Dialo. Corrigé par Claire Morvan." in earlier
    assert earlier.count("Jusqu’au 08/04/2026") == 2
    assert earlier.index("Amina Diallo<") < earlier.index("Amina Dialo<")


def test_what_a_decision_froze_never_changes(client, cast, amina, placed):
    before = dict(placed.decision.frozen)
    correct(client.acting_for(cast.claire), amina, born_on="17/05/1980", commune_code="Nantes", level="8")
    assert amina.born_on == date(1980, 5, 17)
    assert placed.decision.frozen == before
    assert "35 ans" in client.get(f"/mises-a-l-emploi/{placed.public_id}").text


def test_erased_versions_leave_the_person_and_the_journal(client, cast, amina):
    correct(client.acting_for(cast.claire), amina, family_name="Diallo")
    other = a.a_participant(cast.structure, "Karim Benali")
    before = [entry.id for entry in journal_of(("participant", amina.id))]
    purge_identity_versions(amina)
    db.session.commit()
    newest, *others = journal_of(("participant", amina.id))
    assert (newest.verb, [entry.id for entry in others]) == ("identity_versions_purged", before)
    assert (kept(amina), amina.identity, len(kept(other))) == ([], DIALLO, 1)
    assert "Dialo<" not in client.get(f"/participants/{amina.public_id}").text
    correct(client, amina, key="after", version=2, family_name="Diallo", level="8")
    assert [number for number, *_ in kept(amina)] == [1]


def test_an_employer_reads_the_name_as_it_stands_and_never_what_it_was(client, cast, amina, placed):
    correct(client.acting_for(cast.claire), amina, given_name="Zaancien", family_name="Zavieux", key="1")
    correct(client, amina, key="2", version=2, family_name="Diallo")
    client.acting_for(cast.sophie)
    for page in (f"/mises-a-l-emploi/{placed.public_id}", "/mises-a-l-emploi", "/declarations/2026-04"):
        answer = client.get(page).text
        assert "Amina Diallo" in answer, page
        assert not any(one in answer for one in ("Zavieux", "Zaancien", "Dialo<", "Identité corrigée")), page


DENIED = (("sophie", 403), ("other_facilitator", 404), ("helene", 403), ("prescriber", 403), ("observer", 403))


@pytest.mark.parametrize(("who", "status"), DENIED)
def test_only_the_structure_in_charge_corrects(client, cast, amina, placed, who, status):
    client.acting_for(getattr(cast, who))
    assert client.get(address(amina)).status_code == status
    assert correct(client, amina, family_name="Diallo").status_code == status
    assert (amina.identity, db.session.scalars(select(Reading)).all()) == (DIALO, [])


def test_opening_the_page_is_noted(client, cast, amina):
    client.acting_for(cast.claire).get(address(amina))
    (reading,) = db.session.scalars(select(Reading)).all()
    assert (reading.person_id, reading.about_kind, reading.about_id) == (cast.claire.person_id, "participant", amina.id)


def test_the_pages_take_the_same_few_statements_for_1_or_30_versions(client, cast, amina):
    client.acting_for(cast.claire)
    pages = (address(amina), f"/participants/{amina.public_id}")
    few = [int(client.get(page).headers["X-Statements"]) for page in pages]
    db.session.add_all(
        IdentityVersion(
            participant_id=amina.id, number=number, recorded_at=a.NOW, recorded_by=a.a_person(), **vars(DIALLO)
        )
        for number in range(2, 31)
    )
    many = [int(client.get(page).headers["X-Statements"]) for page in pages]
    assert client.get(pages[1]).text.count("Jusqu’au 08/04/2026") == 29
    assert many == few
    assert max(many) <= 12
