"""The paper of an approval: its golden text, one sheet, two judges, frozen for good, and nothing of why."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import select

from tests import builders as a
from tests.papers import judged, pages_of, poppler, text_of
from tests.placements.test_deciding import GRANT
from tests.placements.test_secrecy import GRANTS, said_in
from tracker.accounts.models import Reading
from tracker.placements.documents import approval_paper, draw_approval
from tracker.placements.models import Approval, Placement
from tracker.plumbing import clock, files
from tracker.plumbing.database import db
from tracker.vocabulary.frozen import fingerprint

__all__ = ["poppler"]

pytestmark = pytest.mark.usefixtures("communes")
GOLDEN = """
Département de Loire-et-Vienne Accord n°
Département, mission insertion AP-2026-0001
Clause sociale d’insertion, mise à l’emploi
Accord préalable du 08/04/2026
Heures prises en compte
Du 13/04/2026 au 31/10/2026 pour Amina Diallo
Personne Employeur Acheteur
Amina Diallo Guérin Construction Département de Loire-et-Vienne
Date de naissance : 17/05/1990 SIRET HOLDER SIRET BUYER
Marché Contrat de travail Poste
NUMBER CDD Ouvrière polyvalente
Réhabilitation énergétique du collège Embauche directe 35,00 h par semaine
Jean-Zay, lot 1
Dates du contrat Lieu de travail Facilitation
À partir du 13/04/2026 Collège Jean-Zay Claire Morvan
Fin non fixée Tutorat : Marc Guérin Département, mission insertion
Ce que vaut cet accord
• Il porte sur cette personne, chez cet employeur, pour ce marché. Un autre emploi demande un autre accord.
• Les heures travaillées avant le 08/04/2026 sont gardées et ne comptent pas.
• L’employeur déclare les heures chaque mois et garde les feuilles de présence. La facilitation valide les heures.
• Ces dates sont celles connues le jour de l’accord. Si le contrat de travail change, prévenez la facilitation.
Pour la structure porteuse Visa de l’employeur
Claire Morvan
Accord donné le 08/04/2026
Cet accord ne dit rien de la situation de la personne : elle n’est pas communiquée à l’employeur.
Accord préalable AP-2026-0001, donné le 08/04/2026 Page 1 sur 1
"""


def _waiting(cast, name="Amina Diallo", **more) -> Placement:
    person = a.a_participant(cast.structure, name, born_on=date(1990, 5, 17))
    placement = a.a_placement(cast.pledge, person, None, **{"starts_on": date(2026, 4, 13), **more})
    db.session.commit()
    return placement


def _decide(client, placement, answers=GRANT):
    sent = {"version": 1, **answers}
    return client.send(f"/mises-a-l-emploi/{placement.public_id}/eligibilite", sent, key=f"k-{placement.public_id}")


@pytest.fixture
def approved(client, cast) -> Placement:
    """Amina, approved on 8 April 2026 through the page."""
    clock.stand_on(a.TODAY)
    placement = _waiting(cast)
    assert _decide(client.acting_for(cast.claire), placement).status_code == 302
    return placement


def _papers() -> list[Approval]:
    return list(db.session.scalars(select(Approval).order_by(Approval.id)))


def _file_of(placement: Placement) -> bytes:
    return files.content_of(placement.approval.file_digest)


def _spaced(siret: str) -> str:
    return f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"


@pytest.mark.usefixtures("poppler")
def test_the_paper_says_this_and_nothing_else(cast, approved, tmp_path):
    expected = (
        GOLDEN.strip()
        .replace("NUMBER", cast.contract.number)
        .replace("HOLDER", _spaced(cast.guerin.siret))
        .replace("BUYER", _spaced(cast.buyer.siret))
    )
    assert text_of(_file_of(approved), tmp_path).splitlines() == expected.splitlines()


def test_the_judges_of_accessibility_find_nothing(approved, tmp_path):
    assert judged(_file_of(approved), tmp_path) == (None, [], ())


@pytest.mark.usefixtures("poppler")
def test_long_names_are_never_cut_and_stay_on_one_sheet(approved, tmp_path):
    facts = {**approved.approval.facts}
    facts["person"] = {**facts["person"], "name": "Marie-Clémentine " * 4 + "de Saint-Exupéry-Montaigne"}
    facts["contract"] = {**facts["contract"], "object": "Mise en accessibilité et extension " * 8 + "du collège"}
    facts["work"] = {**facts["work"], "ends_on": "2026-12-31", "tutor": "", "job": ""}
    content = draw_approval(facts)
    said = " ".join(text_of(content, tmp_path).split())
    assert pages_of(content, tmp_path) == 1
    assert "Saint-Exupéry-Montaigne" in said
    assert "Du 13/04/2026 au 31/12/2026" in said
    assert "Tutorat : à compléter" in said
    assert judged(content, tmp_path) == (None, [], ())


def test_the_facts_are_what_the_employer_knows_and_no_more(approved):
    facts = approved.approval.facts
    assert set(facts) == {
        *("schema", "number", "approved_on", "issued_at", "department", "structure", "facilitator"),
        *("employer", "person", "contract", "work", "counts_from", "counts_until"),
    }
    assert facts["person"] == {"name": "Amina Diallo", "born_on": "1990-05-17"}
    assert set(facts["work"]) == {
        *("contract_type", "means", "job", "weekly_hours", "site", "tutor", "starts_on", "ends_on"),
    }
    assert fingerprint(facts) == approved.approval.facts_digest


@pytest.mark.usefixtures("poppler")
@pytest.mark.parametrize("ground", sorted(GRANTS))
def test_no_word_of_the_paper_says_why_whatever_the_ground(client, cast, tmp_path, ground):
    clock.stand_on(a.TODAY)
    placement = _waiting(cast)
    _decide(client.acting_for(cast.claire), placement, GRANTS[ground])
    content = _file_of(placement)
    assert said_in(text_of(content, tmp_path) + str(placement.approval.facts)) == set()


def test_the_same_facts_draw_the_same_file(approved):
    assert draw_approval(approved.approval.facts) == _file_of(approved)


def test_the_file_given_is_for_ever_the_one_of_that_day(client, cast, approved):
    kept = _file_of(approved)
    cast.guerin.name, approved.tutor = "Nouvelle raison sociale", "Quelqu’un d’autre"
    db.session.commit()
    given = client.acting_for(cast.sophie).get(f"/mises-a-l-emploi/{approved.public_id}/accord.pdf")
    assert (given.status_code, given.mimetype, given.data) == (200, "application/pdf", kept)
    assert given.headers["Content-Disposition"] == 'attachment; filename="accord-AP-2026-0001.pdf"'


def test_opening_the_paper_is_noted_for_those_in_charge_alone(client, cast, approved):
    for who, noted in ((cast.sophie, 0), (cast.claire, 1)):
        client.acting_for(who).get(f"/mises-a-l-emploi/{approved.public_id}/accord.pdf")
        assert len(db.session.scalars(select(Reading)).all()) == noted


def test_the_page_offers_the_paper_to_whoever_follows_the_placement(client, cast, approved):
    for who in (cast.sophie, cast.claire):
        page = client.acting_for(who).get(f"/mises-a-l-emploi/{approved.public_id}").text
        assert f'href="/mises-a-l-emploi/{approved.public_id}/accord.pdf"' in page
        assert "N° AP-2026-0001" in page


def test_an_approval_of_before_has_no_paper_and_no_dead_link(client, cast):
    person = a.a_participant(cast.structure)
    before = a.a_placement(cast.pledge, person, a.a_decision(person, cast.claire.person))
    client.acting_for(cast.sophie)
    page = client.get(f"/mises-a-l-emploi/{before.public_id}").text
    assert "Cet accord date d’avant les accords en PDF" in page
    assert "accord.pdf" not in page
    assert client.get(f"/mises-a-l-emploi/{before.public_id}/accord.pdf").status_code == 404


def test_a_refusal_leaves_no_paper(client, cast):
    clock.stand_on(a.TODAY)
    placement = _waiting(cast)
    _decide(client.acting_for(cast.claire), placement, {"outcome": "refused", "refusal_reason": "Hors délai."})
    assert _papers() == []
    assert client.get(f"/mises-a-l-emploi/{placement.public_id}/accord.pdf").status_code == 404


def test_numbers_follow_one_another_and_begin_again_each_year(client, cast, approved):
    client.acting_for(cast.claire)
    _decide(client, _waiting(cast, "Karim Benali"))
    clock.stand_on(date(2027, 1, 4))
    later = {**GRANT, "proof_issued_on": "04/12/2026", "proof_seen_on": "03/01/2027"}
    assert _decide(client, _waiting(cast, "Lucas Petit"), later).status_code == 302
    assert [one.number for one in _papers()] == ["AP-2026-0001", "AP-2026-0002", "AP-2027-0001"]


def test_two_approvals_at_the_same_moment_have_two_numbers(app, cast):
    clock.stand_on(a.TODAY)
    placements = [_waiting(cast, name) for name in ("Amina Diallo", "Karim Benali")]
    clients = [app.test_client().acting_for(one) for one in (cast.claire, cast.administrator)]
    addresses = [f"/mises-a-l-emploi/{one.public_id}/eligibilite" for one in placements]
    gate = Barrier(len(clients))

    def decide(number: int) -> int:
        gate.wait()
        return clients[number].send(addresses[number], {"version": 1, **GRANT}, key=f"hand-{number}").status_code

    with ThreadPoolExecutor(len(clients)) as hands:
        assert list(hands.map(decide, range(len(clients)))) == [302, 302]
    db.session.expire_all()
    assert [one.number for one in _papers()] == ["AP-2026-0001", "AP-2026-0002"]


def test_deciding_with_its_paper_takes_few_statements(client, cast):
    clock.stand_on(a.TODAY)
    answer = _decide(client.acting_for(cast.claire), _waiting(cast))
    # 17 for the decision; the number, the file's row and the paper's.
    assert int(answer.headers["X-Statements"]) == 20


ENDS = (
    ("2026-04-08", "Du 08/04/2026 au 08/04/2026", ""),
    ("2026-04-07", "Aucune", "watch"),
    (None, "À partir du 08/04/2026", ""),
)


@pytest.mark.parametrize(("last", "said", "tone"), ENDS)
def test_the_days_that_count_may_be_one_or_none(approved, last, said, tone):
    paper = approval_paper({**approved.approval.facts, "counts_from": "2026-04-08", "counts_until": last})
    assert (paper.hours, paper.band_kind) == (said, tone)


def test_work_begun_before_its_approval_counts_from_the_approval(client, cast):
    clock.stand_on(a.TODAY)
    placement = _waiting(cast, starts_on=date(2026, 3, 2))
    _decide(client.acting_for(cast.claire), placement)
    assert placement.approval.facts["counts_from"] == "2026-04-08"


def test_outside_any_contract_the_paper_says_so(approved):
    paper = approval_paper({**approved.approval.facts, "contract": None})
    assert ("Marché", "Engagement hors marché", "") in paper.facts
    assert "Acheteur" not in {label for label, _, _ in paper.facts}
