"""The paper: its golden text, one sheet, two judges of accessibility, and nothing that names a participant."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests import builders as a
from tests.cast import Cast
from tests.certificates.world import a_month, a_worker, an_issue, as_drawn, ended, idle
from tests.papers import judged, pages_of, poppler, text_of
from tracker.certificates.documents.paper import draw, html_of, paper_of
from tracker.certificates.models import Certificate
from tracker.certificates.rules import Kind
from tracker.contracts.rules.obligations import EventKind
from tracker.hours.rules.states import DeclarationState
from tracker.plumbing import files
from tracker.plumbing.database import db
from tracker.vocabulary.dates import Month

__all__ = ["poppler"]

GOLDEN = """
Département de Loire-et-Vienne Attestation n°
Département, mission insertion AR-2026-0001
Clause sociale d’insertion, attestation définitive
Attestation de réalisation
Objectif atteint
1 607,50 h validées pour 1 500,00 h dues, soit 107,2 %, excédent 107,50 h
0 500 1 000 1 500 h dues
Titulaire Acheteur Marché
Guérin Construction Département de Loire-et-Vienne NUMBER
SIRET HOLDER SIRET BUYER Réhabilitation énergétique du collège
Jean-Zay, lot 1
Exécution Participants Facilitation
Du 01/09/2025 au 31/03/2026 3 personnes Claire Morvan
avec des heures validées Département, mission insertion
Décompte des heures Heures validées par modalité
Étape Source Heures Modalité Part Heures
Prévues au marché CCAP, article 8.2 5 200,00 h Embauche directe 56,3 % 905,00 h
Avenant sur les heures 20/09/2025 − 3 800,00 h Mise à disposition 31,9 % 512,50 h
Avenant sur les heures 18/11/2025 + 100,00 h Sous-traitance ou cotraitance 11,8 % 190,00 h
d’insertion
Dues 1 500,00 h
Ensemble 100 % 1 607,50 h
Déclarées 13 déclarations 1 652,00 h
Écartées après contrôle motifs notifiés − 44,50 h
Validées 1 607,50 h
Pour la structure porteuse Visa de l’acheteur
Claire Morvan
Délivrée le 08/04/2026 à 10:00
Vérifier cette attestation
Flashez le code, ou saisissez sur clauses.test/verifier le numéro AR-2026-0001 et le code de contrôle
CHECK : la page dit si l’attestation est valide, remplacée ou révoquée.
SHA-256 des faits : FINGERPRINT
Condition d’exécution (Code de la commande publique, art. L2112-2 ; CCAG-Travaux ; CCAP, article 8.2).
L’acheteur seul juge l’exécution du marché. Aucun nom de participant n’y figure.
Attestation AR-2026-0001, version 1, délivrée le 08/04/2026 Page 1 sur 1
"""


def drawn_of(certificate: Certificate) -> bytes:
    return files.content_of(certificate.file_digest)


def spaced(siret: str | None) -> str:
    return f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}" if siret else ""


@pytest.mark.usefixtures("poppler")
def test_the_certificate_says_this_and_nothing_else(cast: Cast, tmp_path) -> None:
    as_drawn(cast)
    certificate = an_issue(cast, draw=draw)
    digest, check = certificate.facts_digest, certificate.check_code
    expected = (
        GOLDEN.strip()
        .replace("NUMBER", cast.contract.number)
        .replace("HOLDER", spaced(cast.guerin.siret))
        .replace("BUYER", spaced(cast.buyer.siret))
        .replace("CHECK", f"{check[:5]}-{check[5:]}")
        .replace("FINGERPRINT", " ".join(digest[at : at + 16] for at in range(0, 64, 16)))
    )
    assert text_of(drawn_of(certificate), tmp_path).splitlines() == expected.splitlines()


@pytest.mark.usefixtures("poppler")
def test_no_word_of_the_paper_names_a_participant_or_a_category(cast: Cast, tmp_path) -> None:
    as_drawn(cast)
    certificate = an_issue(cast, draw=draw)
    said = text_of(drawn_of(certificate), tmp_path) + html_of(certificate.facts)
    assert not re.search(r"\brsa\b|bénéficiaire|allocataire|handicap|clause tenue", said, re.IGNORECASE)
    assert not [name for name in ("Diallo", "Cherif", "Robin", "Amar") if name in said]


def test_the_judges_of_accessibility_find_nothing(cast: Cast, tmp_path) -> None:
    as_drawn(cast)
    assert judged(drawn_of(an_issue(cast, draw=draw)), tmp_path) == (None, [], ())


@pytest.mark.usefixtures("poppler")
def test_an_interim_certificate_with_reservations_stays_on_one_sheet(cast: Cast, tmp_path) -> None:
    clause = ended(cast, idle_until=Month(2025, 12))
    worker = a_worker(cast, "Amina Diallo")
    a_month(worker, Month(2026, 1), "100.00", counted="60.00")
    a_month(worker, Month(2026, 2), "30.00", accepted="0.00", state=DeclarationState.PARTLY_REFUSED)
    a_month(worker, Month(2026, 3), "20.00", state=DeclarationState.SUBMITTED)
    a.an_event(clause, "100.00", kind=EventKind.HOURS_AMENDMENT, occurs_on=date(2025, 11, 18))
    reservations = "Les feuilles de présence de janvier restent à recevoir."
    certificate = an_issue(cast, clause, kind=Kind.INTERIM, draw=draw, reservations=reservations)
    content = drawn_of(certificate)
    said = text_of(content, tmp_path)
    assert pages_of(content, tmp_path) == 1
    for words in (
        "attestation intermédiaire",
        "Objectif non atteint : il manque 5 240,00 h",
        "En attente de contrôle − 20,00 h",
        "Écartées après contrôle motifs notifiés − 30,00 h",
        "Non prises en compte dates ou accord − 40,00 h",
        "Guérin Construction, mars 2026 : à valider.",
        reservations,
    ):
        assert words in said


@pytest.mark.usefixtures("poppler")
def test_no_hour_at_all_is_said_plainly(cast: Cast, tmp_path) -> None:
    ended(cast)
    certificate = an_issue(cast, draw=draw)
    said = text_of(drawn_of(certificate), tmp_path)
    assert "0,00 h validées pour 5 200,00 h dues, soit 0,0 %" in said
    assert "Aucune personne" in said
    assert "Déclarées 7 déclarations 0,00 h" in said
    assert judged(drawn_of(certificate), tmp_path) == (None, [], ())


@pytest.mark.usefixtures("poppler")
def test_long_names_and_many_events_are_never_cut(cast: Cast, tmp_path) -> None:
    clause = as_drawn(cast)
    cast.guerin.name = "Société coopérative d’intérêt collectif " * 3 + "de la Haute-Vienne réunie"
    cast.contract.object = "Réhabilitation énergétique, mise en accessibilité et extension " * 6 + "du collège Jean-Zay"
    for day in range(1, 11):
        a.an_event(clause, "10.00", kind=EventKind.HOURS_AMENDMENT, occurs_on=date(2025, 12, day))
    db.session.commit()
    content = drawn_of(an_issue(cast, draw=draw))
    said = " ".join(text_of(content, tmp_path).split())
    assert pages_of(content, tmp_path) == 2
    assert all(f"{day:02d}/12/2025 + 10,00 h" in said for day in range(1, 11))
    assert "réunie" in said
    assert "Jean-Zay" in said
    assert "Vérifier cette attestation" in said
    assert judged(content, tmp_path) == (None, [], ())


def test_the_same_facts_draw_the_same_file(cast: Cast) -> None:
    as_drawn(cast)
    certificate = an_issue(cast, draw=draw)
    assert draw(certificate.facts) == drawn_of(certificate)


def test_a_grouping_names_its_members_beside_the_lead(cast: Cast) -> None:
    contract = a.a_contract(cast.buyer, [cast.guerin, a.an_organisation("Vertès")], ends_on=date(2026, 3, 31))
    clause = idle(a.a_clause(contract, cast.structure, due="10.00", facilitator=cast.claire.person), cast.guerin)
    db.session.commit()
    paper = paper_of(an_issue(cast, clause).facts, "http://clauses.test")
    assert paper.facts[0][1] == "Guérin Construction"
    assert paper.facts[0][2].endswith(", mandataire avec Vertès")


def test_nearly_met_is_never_printed_as_wholly_met(cast: Cast) -> None:
    clause = as_drawn(cast)
    a.an_event(clause, "107.51", kind=EventKind.HOURS_AMENDMENT, occurs_on=date(2025, 12, 1))
    db.session.commit()
    paper = paper_of(an_issue(cast).facts, "http://clauses.test")
    assert paper.title == "Objectif non atteint\u00a0: il manque 0,01\u00a0h"
    assert paper.beside.endswith("soit 99,9\u00a0%")


def test_an_offer_that_binds_is_named_as_an_offer(cast: Cast) -> None:
    clause = a.a_clause(cast.contract, cast.structure, due=None, facilitator=cast.claire.person)
    clause.ends_on = date(2026, 3, 31)
    idle(clause, cast.guerin)
    a.an_event(clause, "1400.00", inputs={"basis": "fixed", "minimum": "1200.00", "offered": "1400.00"})
    db.session.commit()
    paper = paper_of(an_issue(cast, clause).facts, "http://clauses.test")
    assert paper.steps[0]["cells"][0] == "Offertes au marché"
