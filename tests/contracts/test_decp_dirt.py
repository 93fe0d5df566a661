"""Each kind of dirt found in published contracts: what was published, what is kept of it, what is said."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.contracts.decp import SOUND, read_bytes, read_one, remarks_on
from tracker.contracts.exchange.drafts import ContractDraft, Reject, RemarkKind
from tracker.contracts.rules.levers import Ccag

REPAIRED, WRONG, MISSING = RemarkKind.REPAIRED, RemarkKind.WRONG, RemarkKind.MISSING


def said(draft: ContractDraft, field: str) -> tuple[RemarkKind, str] | None:
    """The only remark on a field, None when nothing was said."""
    remarks = remarks_on(draft, field)
    assert len(remarks) <= 1, remarks
    return (remarks[0].kind, remarks[0].text) if remarks else None


def test_a_sound_record_is_read_without_a_remark():
    draft = read_one()
    assert draft.remarks == ()
    assert draft.lot == "1"
    assert (draft.buyer_siret_valid, draft.holders[0].siret_valid) == (True, True)
    assert draft.amount == Decimal("1486300.00")


@pytest.mark.parametrize(
    ("published", "day", "remark"),
    [
        ("2018-12-17", date(2018, 12, 17), None),
        ("2018-12-17+01:00", date(2018, 12, 17), (REPAIRED, "Date de notification : fuseau horaire retiré")),
        ("2018-12-17Z", date(2018, 12, 17), (REPAIRED, "Date de notification : fuseau horaire retiré")),
        ("2018-12-17T09:30:00+01:00", date(2018, 12, 17), (REPAIRED, "Date de notification : heure retirée")),
        ("2018-12-17T23:00:00.000Z", date(2018, 12, 18), (REPAIRED, "Date de notification : heure retirée")),
        ("2018-07-17T22:00:00Z", date(2018, 7, 18), (REPAIRED, "Date de notification : heure retirée")),
        ("2018-12-17T21:00:00Z", date(2018, 12, 17), (REPAIRED, "Date de notification : heure retirée")),
        ("17/12/2018", date(2018, 12, 17), (REPAIRED, "Date de notification : remise au format AAAA-MM-JJ")),
        (20181217, date(2018, 12, 17), (REPAIRED, "Date de notification : remise au format AAAA-MM-JJ")),
        ("1900-01-01", date(1900, 1, 1), None),
        ("1899-12-31", None, (WRONG, "Date de notification non valide : 1899-12-31")),
        ("2100-12-31", date(2100, 12, 31), None),
        ("2101-01-01", None, (WRONG, "Date de notification non valide : 2101-01-01")),
        ("0218-12-17", None, (WRONG, "Date de notification non valide : 0218-12-17")),
        ("2018-02-30", None, (WRONG, "Date de notification non valide : 2018-02-30")),
        ("test", None, (WRONG, "Date de notification non valide : test")),
        ("", None, (MISSING, "Date de notification à compléter")),
        ("NC", None, (MISSING, "Date de notification à compléter")),
        (None, None, (MISSING, "Date de notification à compléter")),
    ],
)
def test_a_date_is_repaired_when_nobody_could_read_it_otherwise(published, day, remark):
    draft = read_one(dateNotification=published)
    assert draft.notified_on == day
    assert said(draft, "notified_on") == remark


@pytest.mark.parametrize(
    ("published", "months", "remark"),
    [
        (1, 1, None),
        (1200, 1200, None),
        (12.0, 12, None),
        ("24", 24, (REPAIRED, "Durée en mois : texte lu comme un nombre")),
        (0, None, (WRONG, "Durée en mois non valide : 0")),
        (1201, None, (WRONG, "Durée en mois non valide : 1201")),
        (-3, None, (WRONG, "Durée en mois non valide : -3")),
        (12.5, None, (WRONG, "Durée en mois non valide : 12.5")),
        ("un an", None, (WRONG, "Durée en mois non valide : un an")),
        (True, None, (WRONG, "Durée en mois non valide : True")),
        ("NC", None, (MISSING, "Durée en mois à compléter")),
        (None, None, (MISSING, "Durée en mois à compléter")),
    ],
)
def test_a_duration_is_a_whole_number_of_months_up_to_a_hundred_years(published, months, remark):
    draft = read_one(dureeMois=published)
    assert draft.duration_months == months
    assert said(draft, "duration_months") == remark


@pytest.mark.parametrize(
    ("published", "amount", "text", "remark"),
    [
        ("54000.5", "54000.50", None, None),
        ("1", "1.00", None, None),
        ("10000000000", "10000000000.00", None, None),
        ("999999", "999999.00", None, None),
        ("24800.456", "24800.46", None, (REPAIRED, "Montant arrondi au centime")),
        ('"184500,00"', "184500.00", None, (REPAIRED, "Montant : texte lu comme un nombre")),
        ('"12 500,50 €"', "12500.50", None, (REPAIRED, "Montant : texte lu comme un nombre")),
        ("10000000000.01", None, "10000000000.01", (WRONG, "Montant aberrant : 10000000000.01")),
        ("1.0e17", None, "1.0e17", (WRONG, "Montant aberrant : 1.0e17")),
        ("1e400", None, "1e400", (WRONG, "Montant aberrant : 1e400")),
        ("9999999", None, "9999999", (WRONG, "Montant aberrant : 9999999")),
        ("99999999.99", None, "99999999.99", (WRONG, "Montant aberrant : 99999999.99")),
        ("-1500", None, "-1500", (WRONG, "Montant aberrant : -1500")),
        ("0.0", None, "0.0", (WRONG, "Montant nul : à vérifier")),
        ("0.99", None, "0.99", (WRONG, "Montant inférieur à 1 € : à vérifier (0.99)")),
        ('"au bordereau"', None, "au bordereau", (WRONG, "Montant non valide : au bordereau")),
        ("true", None, "True", (WRONG, "Montant non valide : True")),
        ("null", None, None, (MISSING, "Montant à compléter")),
    ],
)
def test_an_amount_that_no_contract_costs_is_kept_as_text(published, amount, text, remark):
    record = json.dumps(SOUND).replace("1486300", published)
    (draft,) = read_bytes(record.encode())
    assert isinstance(draft, ContractDraft)
    assert draft.amount == (Decimal(amount) if amount else None)
    assert draft.amount_text == text
    assert said(draft, "amount") == remark


@pytest.mark.parametrize(
    ("published", "code", "remark"),
    [
        ("45262522", "45262522", None),
        ("50700000-2", "50700000", (REPAIRED, "Code CPV : clé de contrôle retirée")),
        ("507000002", "50700000", (REPAIRED, "Code CPV : clé de contrôle retirée")),
        ("9123000", "09123000", (REPAIRED, "Code CPV : zéro de tête rétabli")),
        (3110000, "03110000", (REPAIRED, "Code CPV : zéro de tête rétabli")),
        ("4526252", None, (WRONG, "Code CPV inconnu : 4526252")),
        ("74000000-9", None, (WRONG, "Code CPV inconnu : 74000000-9")),
        ("00000000-1", None, (WRONG, "Code CPV inconnu : 00000000-1")),
        ("travaux", None, (WRONG, "Code CPV inconnu : travaux")),
        (None, None, (MISSING, "Code CPV à compléter")),
    ],
)
def test_a_cpv_code_has_eight_digits_of_a_division_that_exists(published, code, remark):
    draft = read_one(codeCPV=published)
    assert draft.cpv == code
    assert said(draft, "cpv") == remark


@pytest.mark.parametrize(
    ("published", "identifier", "valid", "remark"),
    [
        ("00001037100011", "00001037100011", True, None),
        ("  000 010 371 00011\t", "00001037100011", True, "Titulaire : espaces ou ponctuation retirés"),
        ("000.010.371-00011", "00001037100011", True, "Titulaire : espaces ou ponctuation retirés"),
        (1037100011, "00001037100011", True, "Titulaire : nombre lu comme un texte"),
        ("8274623340001", "8274623340001", False, "SIRET non valide : 8274623340001 (titulaire)"),
        ("1037100011", "1037100011", False, "SIRET non valide : 1037100011 (titulaire)"),
        ("00001037100012", "00001037100012", False, "SIRET non valide : 00001037100012 (titulaire)"),
        ("317425981", "317425981", False, "SIRET non valide : 317425981 (titulaire)"),
        ("60206248100019012", "60206248100019012", False, "SIRET non valide : 60206248100019012 (titulaire)"),
    ],
)
def test_a_siret_is_tidied_never_guessed(published, identifier, valid, remark):
    draft = read_one(titulaires=[{"id": published, "typeIdentifiant": "SIRET", "denominationSociale": "Guérin"}])
    (holder,) = draft.holders
    assert (holder.identifier, holder.siret_valid) == (identifier, valid)
    assert [one.text for one in draft.remarks] == ([remark] if remark else [])


@pytest.mark.parametrize(
    ("published", "kind", "texts"),
    [
        ({"id": "ES B66484189", "typeIdentifiant": "TVA"}, "TVA", ["Titulaire : espaces ou ponctuation retirés"]),
        ({"id": "USCOLUMBIA", "typeIdentifiant": "HORS-UE"}, "HORS-UE", []),
        ({"id": "USCOLUMBIA", "typeIdentifiant": "Hors UE"}, "HORS-UE", []),
        ({"id": "00001037100011"}, "SIRET", ["Type d’identifiant du titulaire déduit : SIRET"]),
        ({"id": "ABC"}, "", ["Type d’identifiant du titulaire à compléter"]),
        ({"id": "ABC", "typeIdentifiant": "X"}, "", ["Type d’identifiant du titulaire non reconnu : X"]),
    ],
)
def test_an_identifier_says_what_kind_it_is(published, kind, texts):
    draft = read_one(titulaires=[published])
    assert draft.holders[0].kind == kind
    assert [one.text for one in draft.remarks] == texts


def test_a_foreign_number_is_neither_valid_nor_wrong():
    draft = read_one(titulaires=[{"id": "DE814864138", "typeIdentifiant": "TVA"}])
    assert draft.holders[0].siret_valid is False
    assert draft.remarks == ()


@pytest.mark.parametrize(
    ("published", "count", "remark"),
    [
        ([], 0, "Titulaire à compléter"),
        (None, 0, "Titulaire à compléter"),
        ("Guérin", 0, "Titulaire à compléter"),
        ([{"titulaire": {}}], 0, "Titulaire à compléter"),
        ([{"denominationSociale": "Guérin", "typeIdentifiant": "SIRET"}], 1, "Titulaire à compléter"),
        ([{"id": "DE1", "typeIdentifiant": "TVA"}] * 2, 1, "Titulaire répété, gardé une fois"),
    ],
)
def test_a_holder_is_kept_once_and_asked_for_when_absent(published, count, remark):
    draft = read_one(titulaires=published)
    assert len(draft.holders) == count
    assert remark in [one.text for one in draft.remarks]


@pytest.mark.parametrize(
    ("published", "kept", "remark"),
    [
        ("Travaux de  voirie \n", "Travaux de voirie", None),
        ("R&D &lt; 3 ans ; AT&T", "R&D < 3 ans ; AT&T", "Objet : entités HTML remplacées"),
        ("B&acirc;timents &amp; cours", "Bâtiments & cours", "Objet : entités HTML remplacées"),
        ("L&amp;#039;&#233;cole", "L'école", "Objet : entités HTML remplacées"),
        ("Collecte des dÃ©chets", "Collecte des déchets", "Objet : accents rétablis"),
        ("Mise en Å\x93uvre du site nÂ°208", "Mise en œuvre du site n°208", "Objet : accents rétablis"),
        ("points dâ\x80\x99apport", "points d’apport", "Objet : accents rétablis"),
        ("CLÔTURES ET BÂTIMENTS", "CLÔTURES ET BÂTIMENTS", None),
        ("CAFÉ»", "CAFÉ»", None),
        ("Maçonnerie \x96 plâtrerie", "Maçonnerie – plâtrerie", "Objet : signes Windows-1252 rétablis"),
        ("Voirie\x00 et\u200b réseaux", "Voirie et réseaux", "Objet : caractères de commande retirés"),
        ("Travaux de l\\'immeuble", "Travaux de l'immeuble", "Objet : barres obliques inverses retirées"),
        ("R\ufffdnovation", "R\ufffdnovation", "Objet : caractères perdus à la publication"),
        ("Mise en ?uvre", "Mise en ?uvre", "Objet : caractères perdus à la publication"),
        ("Quelle maison ?", "Quelle maison ?", None),
    ],
)
def test_a_text_is_put_right_and_what_is_lost_stays_visible(published, kept, remark):
    draft = read_one(objet=published)
    assert draft.object == kept
    assert [one.text for one in draft.remarks] == ([remark] if remark else [])


def test_a_text_is_never_cut_and_a_remark_is():
    draft = read_one(objet="Mise en ?uvre " + "a" * 5000)
    assert len(draft.object) > 5000
    assert len(draft.remarks[0].raw) == 200


def test_what_is_kept_for_history_has_no_nul():
    draft = read_one(objet="Voirie\x00", **{"clé\x00": "x\x00"})
    assert "\\u0000" not in json.dumps(draft.raw)
    assert "\x00" not in "".join(one.raw for one in draft.remarks)


@pytest.mark.parametrize(
    ("published", "code", "kind", "remark"),
    [
        ({"code": "69123", "typeCode": "Code commune"}, "69123", "Code commune", None),
        ({"code": "2B002", "typeCode": "Code commune"}, "2B002", "Code commune", None),
        ({"code": 4160, "typeCode": "Code postal"}, "04160", "Code postal", "Code postal : zéro de tête rétabli"),
        ({"code": "1116", "typeCode": "Code postal"}, "1116", None, "Code postal non valide : 1116"),
        ({"code": "DEP", "typeCode": "Code commune"}, "DEP", None, "Code commune non valide : DEP"),
        ({"code": "48", "typeCode": "Code departement"}, "48", "Code département", None),
        ({"code": "48", "typeCode": "Village"}, "48", None, "Type de lieu non reconnu : Village"),
        ({}, None, None, "Lieu à compléter"),
        ("Vernay", None, None, "Lieu à compléter"),
    ],
)
def test_a_place_is_a_code_of_its_kind(published, code, kind, remark):
    draft = read_one(lieuExecution=published)
    assert (draft.place_code, draft.place_kind) == (code, kind)
    assert [one.text for one in draft.remarks] == ([remark] if remark else [])


@pytest.mark.parametrize(
    ("published", "ccag", "remark"),
    [
        ("Travaux", Ccag.TRAVAUX, None),
        ("Maîtrise d’œuvre", Ccag.MOE, None),
        ("Maitrise d'œuvre", Ccag.MOE, None),
        ("Pas de CCAG", Ccag.NONE, None),
        (None, None, None),
        ("CCAG Route", None, (WRONG, "CCAG non reconnu : CCAG Route")),
    ],
)
def test_a_ccag_is_read_whatever_its_accents(published, ccag, remark):
    draft = read_one(ccag=published, considerationsSociales=[])
    assert draft.ccag == ccag
    assert said(draft, "ccag") == remark


@pytest.mark.parametrize(
    ("published", "labels", "has_clause"),
    [
        ({"considerationSociale": ["Clause sociale", "Critère social"]}, ("Clause sociale", "Critère social"), True),
        (["Clause sociale"], ("Clause sociale",), True),
        ({"considerationSociale": "Clause sociale"}, ("Clause sociale",), True),
        ([{"considerationSociale": "Marché réservé"}], ("Marché réservé",), False),
        ({"considerationSociale": ["Critere social"]}, ("Critère social",), False),
        ({"considerationSociale": ["Pas de considération sociale"]}, (), False),
        ([], (), False),
    ],
)
def test_a_social_clause_is_told_from_other_considerations(published, labels, has_clause):
    draft = read_one(considerationsSociales=published)
    assert draft.social_considerations == labels
    assert draft.has_social_clause is has_clause
    assert draft.remarks == ()


def test_the_first_edition_does_not_say_whether_there_is_a_clause():
    draft = read_one()
    assert draft.has_social_clause is None
    assert said(draft, "social_considerations") is None


def test_the_second_edition_is_asked_for_its_considerations():
    draft = read_one(offresRecues=3)
    assert draft.has_social_clause is None
    assert said(draft, "social_considerations") == (MISSING, "Considérations sociales à compléter")


def test_a_modification_before_the_notification_is_said():
    modification = {"id": 1, "dateNotificationModification": "2025-08-31", "montant": "1 500 000", "dureeMois": "NC"}
    draft = read_one(modifications=[{"modification": modification}])
    (read,) = draft.modifications
    assert (read.on, read.amount, read.duration_months, read.holders) == (
        date(2025, 8, 31),
        Decimal("1500000.00"),
        None,
        (),
    )
    assert said(draft, "modifications[0].on") == (
        WRONG,
        "Modification 1 datée du 31/08/2025, avant la notification",
    )
    assert [one.field for one in draft.remarks] == ["modifications[0].amount", "modifications[0].on"]


@pytest.mark.parametrize(
    ("changes", "path", "reason"),
    [
        ({"acheteur": None}, "acheteur.id", "Acheteur sans identifiant"),
        ({"acheteur": {"nom": "BUDGET PRINCIPAL"}}, "acheteur.id", "Acheteur sans identifiant"),
        ({"acheteur": {"id": " - "}}, "acheteur.id", "Acheteur sans identifiant"),
        ({"acheteur": {"id": "NC"}}, "acheteur.id", "Acheteur sans identifiant"),
        ({"id": None}, "id", "Numéro du marché absent"),
        ({"objet": " \n"}, "objet", "Objet absent"),
        ({"objet": ["Voirie"]}, "objet", "Objet absent"),
        ({"id": "", "objet": ""}, "id, objet", "Numéro du marché absent ; objet absent"),
    ],
)
def test_only_a_buyer_a_number_and_an_object_are_needed(changes, path, reason):
    (reject,) = read_bytes(json.dumps({"marches": [SOUND | changes]}).encode())
    assert isinstance(reject, Reject)
    assert (reject.rank, reject.path, reject.path_in_record) == (1, "marches[0]", path)
    assert reject.reason.replace("\u00a0", " ") == reason
    assert 0 < len(reject.raw) <= 200


def test_nothing_real_is_refused_for_want_of_the_rest():
    bare: dict[str, Any] = {"id": 2024, "acheteur": {"id": "21990017200012"}, "objet": "Voirie"}
    (draft,) = read_bytes(json.dumps({"marches": [bare]}).encode())
    assert isinstance(draft, ContractDraft)
    assert draft.number == "2024"
    assert {remark.field for remark in draft.remarks if remark.kind is MISSING} == {
        *("amount", "cpv", "duration_months", "holders", "nature"),
        *("notified_on", "place_code", "procedure", "published_on"),
    }


def test_an_invalid_buyer_is_taken_and_said():
    draft = read_one(acheteur={"id": "2 137 4000 00013", "nom": "Vernay &amp; Saint-Aubin"})
    assert (draft.buyer_identifier, draft.buyer_siret_valid) == ("2137400000013", False)
    assert draft.buyer_name == "Vernay & Saint-Aubin"
    assert (WRONG, "SIRET non valide : 2137400000013 (acheteur)") in [(one.kind, one.text) for one in draft.remarks]


@pytest.mark.parametrize(
    ("object_", "lot"),
    [
        ("Réfection, LOT N°02 : peinture", "2"),
        ("Réhabilitation de l'école (17 lots): Lot 16 : ascenseur", "16"),
        ("SIS GROS ŒUVRE LOT1", "1"),
        ("Champier Lot :08 paillasses", "8"),
        ("Lot 2B, façades", "2B"),
        ("Lot 3Problématiques juridiques", "3"),
        ("Lots 1 et 2", ""),
        ("LOTS 3,4,5", ""),
        ("LOT 4 et aussi LOT 5", ""),
        ("Aménagement de l'îlot 4", ""),
        ("Tranche 2, 2 lots", ""),
    ],
)
def test_the_lot_is_read_in_the_object(object_, lot):
    assert read_one(objet=object_).lot == lot
