"""The list of contracts: every word is searched, every filter narrows, every page says where it stands."""

import io
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from tests import builders as a
from tests.contracts.published import a_file, a_record, take
from tracker.contracts.models import Contract
from tracker.contracts.rules.identity import OTHER_HOLDERS
from tracker.plumbing.database import db


@pytest.fixture
def market(cast):
    """Three more contracts of Hélène's buyer."""
    garden = a.an_organisation("Vertès Paysage")
    clean = a.an_organisation("Propreté du Val")
    rows = [
        ("2024-EV-006", "Entretien d’œuvres végétales, secteur Évêché", garden, date(2024, 3, 1), "90000.00"),
        ("2025-NET-003", "Nettoyage des collèges", clean, date(2025, 6, 1), "300000.00"),
        ("2023-DIV-001", "Vêtements de travail", garden, None, None),
    ]
    made = {}
    for number, object_, holder, day, amount in rows:
        more = {"number": number, "object": object_, "notified_on": day, "amount": amount and Decimal(amount)}
        made[number] = a.a_contract(cast.buyer, [holder], **more)
    made["2023-DIV-001"].doubt = OTHER_HOLDERS
    made["2025-NET-003"].has_social_clause = True
    db.session.commit()
    return made


def numbers(page) -> list[str]:
    """The numbers shown, in the order of the page."""
    text = page.text
    found = [
        (text.index(number), number) for number in db.session.scalars(db.select(Contract.number)) if number in text
    ]
    return [number for _, number in sorted(found)]


def listed(client, cast, **args) -> list[str]:
    return numbers(client.acting_for(cast.helene).get("/marches", query_string=args))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("eveche", ["2024-EV-006"]),
        ("ÉVÊCHÉ", ["2024-EV-006"]),
        ("oeuvres", ["2024-EV-006"]),
        ("nettoy", ["2025-NET-003"]),
        ("nettoyage colleges", ["2025-NET-003"]),
        ("nettoyage evêché", []),
        ("propreté du val", ["2025-NET-003"]),
        ("EV-006", ["2024-EV-006"]),
        ("2024-ev", ["2024-EV-006"]),
        ("oyage", []),
        ("'; DROP & ! :* (", []),
        ("« »", ["2025-BAT-", "2025-NET-003", "2024-EV-006", "2023-DIV-001"]),
    ],
)
def test_every_word_must_match_whatever_its_accents(client, cast, market, query, found):
    shown = listed(client, cast, q=query)
    assert [number.rstrip("0123456789") if "BAT" in number else number for number in shown] == found


@pytest.mark.parametrize("sign", ["", " ", "\u00a0", "."], ids=["whole", "spaces", "no-break spaces", "dots"])
@pytest.mark.parametrize("length", [14, 9], ids=["SIRET", "SIREN"])
def test_a_siret_is_found_however_it_is_typed(client, cast, market, sign, length):
    siret = cast.guerin.siret[:length]
    typed = sign.join(filter(None, (siret[:3], siret[3:6], siret[6:9], siret[9:])))
    assert listed(client, cast, q=typed) == [cast.contract.number]


@pytest.mark.parametrize(
    ("args", "found"),
    [
        ({"annee": "2025"}, ["2025-BAT", "2025-NET"]),
        ({"annee": "2024"}, ["2024-EV"]),
        ({"annee": "1999"}, ["2025-BAT", "2025-NET", "2024-EV", "2023-DIV"]),
        ({"clause": "avec"}, ["2025-BAT"]),
        ({"clause": "sans"}, ["2025-NET", "2024-EV", "2023-DIV"]),
        ({"clause": "annoncee"}, ["2025-NET"]),
        ({"clause": "annoncee", "annee": "2024"}, []),
        ({"revoir": "doute"}, ["2023-DIV"]),
        ({"revoir": "date"}, ["2023-DIV"]),
        ({"revoir": "montant"}, []),
        ({"tri": "ancien"}, ["2024-EV", "2025-NET", "2025-BAT", "2023-DIV"]),
        ({"tri": "objet"}, ["2024-EV", "2025-NET", "2025-BAT", "2023-DIV"]),
        ({"tri": "montant"}, ["2025-BAT", "2025-NET", "2024-EV", "2023-DIV"]),
        ({"tri": "petit-montant"}, ["2024-EV", "2025-NET", "2025-BAT", "2023-DIV"]),
        ({"tri": "x", "page": "-1", "acheteur": "x", "clause": "x"}, ["2025-BAT", "2025-NET", "2024-EV", "2023-DIV"]),
        ({"page": "9" * 5000}, ["2025-BAT", "2025-NET", "2024-EV", "2023-DIV"]),
        ({"page": "²"}, ["2025-BAT", "2025-NET", "2024-EV", "2023-DIV"]),
    ],
    ids=str,
)  # fmt: skip
def test_filters_narrow_and_what_makes_no_sense_is_left_out(client, cast, market, args, found):
    assert [number.rsplit("-", 1)[0] for number in listed(client, cast, **args)] == found


def test_the_filter_of_buyers_keeps_one_and_is_offered_to_those_who_see_several(client, cast, market):
    a.a_contract(cast.other_buyer.organisation, [cast.guerin], number="VERNAY-1")
    db.session.commit()
    page = client.acting_for(cast.administrator).get(f"/marches?acheteur={cast.other_buyer.organisation.public_id}")
    assert numbers(page) == ["VERNAY-1"]
    assert f'value="{cast.other_buyer.organisation.public_id}" selected' in page.text
    assert 'name="acheteur"' not in client.acting_for(cast.helene).get("/marches").text


def test_what_was_typed_is_kept(client, cast, market):
    page = client.acting_for(cast.helene).get("/marches?q=nettoyage&annee=2025&clause=sans&tri=objet")
    for kept in ('value="nettoyage"', '"2025" selected', '"sans" selected', 'name="tri" value="objet"'):
        assert kept in page.text
    assert "/marches/export.xlsx?q=nettoyage&amp;annee=2025&amp;clause=sans&amp;tri=objet" in page.text


def test_pages_are_of_fifty_and_say_where_they_stand(client, cast):
    for number in range(1, 120):
        a.a_contract(cast.buyer, [cast.guerin], number=f"N-{number:03d}", object=f"Objet {number:03d}")
    db.session.commit()
    client.acting_for(cast.helene)
    second = client.get("/marches?tri=objet&page=2")
    assert "51 à 100 sur 120\u00a0marchés" in second.text
    assert numbers(second) == [f"N-{number:03d}" for number in range(51, 101)]
    assert "101 à 120 sur 120\u00a0marchés" in client.get("/marches?tri=objet&page=99").text
    assert "page=3" in second.text
    assert "tri=objet" in second.text


def test_the_list_says_what_waits_for_a_person(client, cast):
    take(
        a_file(a_record("M-1", montant=1.0e17), a_record("M-1"), a_record("M-2", titulaires=[], dateNotification=None))
    )
    page = client.acting_for(cast.administrator).get("/marches?clause=annoncee").text
    assert page.count("À vérifier</span>") == 2
    assert "1e17" in page
    assert "montant aberrant" in page
    assert page.count("à compléter") == 3  # M-2: holders, notification; and M-1's own filter label
    assert page.count("Publiée, à enregistrer") == 3


@pytest.mark.parametrize(
    ("who", "address", "said"),
    [
        ("other_buyer", "/marches", "Importez le fichier"),
        ("rival", "/marches", "dès que l’acheteur les a importés"),
        ("helene", "/marches?q=introuvable", "Retirez un mot ou un filtre"),
    ],
)
def test_an_empty_list_says_what_to_do(client, cast, who, address, said):
    assert said in client.acting_for(getattr(cast, who)).get(address).text


def test_nobody_lists_the_contracts_of_another(client, cast, market):
    assert numbers(client.acting_for(cast.rival).get("/marches")) == []
    assert numbers(client.acting_for(cast.other_buyer).get("/marches")) == []
    assert client.acting_for(cast.prescriber).get("/marches").status_code == 403


@pytest.mark.parametrize("rows", [10, 1000])
def test_the_list_costs_the_same_statements_whatever_its_length(client, cast, rows):
    for _ in range(rows):
        a.a_contract(cast.buyer, [cast.guerin, cast.rival.organisation])
    db.session.commit()
    page = client.acting_for(cast.helene).get("/marches")
    assert int(page.headers["X-Statements"]) == 7


def test_the_export_holds_every_row_of_the_filter_and_no_other(client, cast):
    for number in range(60):
        a.a_contract(cast.buyer, [cast.guerin, cast.rival.organisation], number=f"N-{number:03d}", object="=1+1")
    a.a_contract(cast.other_buyer.organisation, [cast.guerin], number="SECRET")
    db.session.commit()
    with client.acting_for(cast.helene).get("/marches/export.xlsx?q=N&tri=ancien") as answer:
        head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert (head[0], head[11], len(rows)) == ("Numéro", "Montant en euros", 60)
    first = dict(zip(head, rows[0], strict=True))
    assert (first["Objet"], first["Notification"], first["Montant en euros"]) == ("=1+1", date(2025, 9, 1), 1500000.0)
    assert first["Titulaires"] == "Guérin Construction, Rival Bâtiment"
    assert (first["Clause enregistrée"], first["Clause sociale publiée"]) == ("non", "")
    assert "SECRET" not in {row[0] for row in rows}
    assert int(answer.headers["X-Statements"]) <= 12
