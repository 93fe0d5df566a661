"""A buyer brings its file through the page: what became of it is said, nobody brings another's contracts."""

import csv
import io

import pytest
from sqlalchemy import func, select

from tests import builders as a
from tests.contracts.published import a_file, a_record
from tracker.accounts.queries import journal_of
from tracker.accounts.rules import OrganisationKind, Role
from tracker.contracts.models import Contract, ContractImport
from tracker.plumbing.database import db

ADDRESS = "/marches/importer"


def upload(client, content: bytes, name: str = "decp.json", **options):
    return client.send(ADDRESS, {"file": (io.BytesIO(content), name)}, follow_redirects=True, **options)


def of_the_buyer(cast, number: str, **changes):
    return a_record(number, acheteur={"id": cast.buyer.siret}, **changes)


def contracts() -> list[str]:
    return list(db.session.scalars(select(Contract.number).where(Contract.number.like("M-%")).order_by(Contract.id)))


def test_a_buyer_s_file_becomes_its_contracts_and_the_page_says_so(client, cast):
    lacking = of_the_buyer(cast, "M-2")
    del lacking["objet"]
    page = upload(client.acting_for(cast.helene), a_file(of_the_buyer(cast, "M-1"), lacking, of_the_buyer(cast, "M-3")))
    assert page.request.path.startswith("/marches/imports/")
    assert contracts() == ["M-1", "M-3"]
    for said in ("2\u00a0marchés ajoutés", "3\u00a0enregistrements", "les autres ont été enregistrés", "Objet absent"):
        assert said in page.text
    assert "marches.marche[1]" in page.text
    (entry,) = journal_of(("organisation", cast.buyer.id))
    assert (entry.verb, entry.person_id, entry.way_in) == ("contracts_imported", cast.helene.person_id, "page")
    assert entry.facts["created"] == 2


def test_a_file_of_another_buyer_is_put_aside_record_by_record(client, cast):
    page = upload(client.acting_for(cast.other_buyer), a_file(of_the_buyer(cast, "M-1"), of_the_buyer(cast, "M-2")))
    assert "Aucun marché enregistré" in page.text
    assert page.text.count("Ce marché est celui d’un autre acheteur") == 2
    assert contracts() == []


def test_the_administrator_brings_any_buyer_s_file(client, cast):
    upload(client.acting_for(cast.administrator), a_file(of_the_buyer(cast, "M-1"), a_record("M-2")))
    assert contracts() == ["M-1", "M-2"]


def test_a_buyer_without_a_valid_siret_brings_what_bears_its_own_number(client, cast):
    odd = a.an_organisation("Syndicat", OrganisationKind.BUYER, identifier="12345678901234")
    odd.siret = None
    officer = a.a_membership(Role.OFFICER, odd)
    db.session.commit()
    records = [a_record("M-1", acheteur={"id": "12345678901234"}), a_record("M-2", acheteur={"id": "12345678900000"})]
    upload(client.acting_for(officer), a_file(*records))
    assert contracts() == ["M-1"]


def test_the_same_file_again_says_that_nothing_is_new(client, cast):
    content = a_file(of_the_buyer(cast, "M-1"))
    upload(client.acting_for(cast.helene), content)
    assert "Rien de nouveau dans ce fichier" in upload(client, content, key="again").text


def test_one_form_sent_twice_imports_once(client, cast):
    content = a_file(of_the_buyer(cast, "M-1"))
    first = upload(client.acting_for(cast.helene), content, key="same")
    second = upload(client, content, key="same")
    assert first.request.path == second.request.path
    assert db.session.scalar(select(func.count()).select_from(ContractImport)) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Fichier vide"),
        (b"<html>", "Le fichier n’est pas du JSON valide"),
        (b'{"nothing": 1}', "Ce fichier ne contient aucun marché"),
    ],
)
def test_a_file_that_is_no_list_of_contracts_comes_back_with_its_reason(client, cast, content, said):
    page = upload(client.acting_for(cast.helene), content)
    assert (page.status_code, page.request.path) == (422, ADDRESS)
    assert said in page.text
    assert "<title>Erreur&nbsp;:" in page.text
    assert db.session.scalar(select(func.count()).select_from(ContractImport)) == 0


def test_a_form_without_a_file_asks_for_one(client, cast):
    page = client.acting_for(cast.helene).send(ADDRESS)
    assert page.status_code == 422
    assert "Choisissez un fichier." in page.text


def test_a_file_too_big_is_refused_before_it_is_read(client, cast, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    page = upload(client.acting_for(cast.helene), b"x" * 2000)
    assert page.status_code == 413


def test_what_was_left_aside_is_a_file_to_correct_from(client, cast):
    client.acting_for(cast.helene)
    page = upload(client, a_file("=cmd()", {"acheteur": {"id": cast.buyer.siret}, "objet": "X"}))
    answer = client.get(f"{page.request.path}/rejets.csv")
    head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    assert head == ["Rang", "Emplacement", "Champ", "Motif", "Publié"]
    assert [(row[0], row[1], row[2], row[3]) for row in rows] == [
        ("1", "marches.marche[0]", "", "Enregistrement illisible\u00a0: ce n’est pas un marché"),
        ("2", "marches.marche[1]", "id", "Numéro du marché absent"),
    ]
    assert rows[0][4].startswith("'=")


@pytest.mark.parametrize("page", ["", "/rejets.csv"])
def test_the_result_is_there_for_its_buyer_and_the_administrator_alone(client, cast, page):
    address = upload(client.acting_for(cast.helene), a_file("x", of_the_buyer(cast, "M-1"))).request.path + page
    assert client.acting_for(cast.administrator).get(address).status_code == 200
    assert client.acting_for(cast.other_buyer).get(address).status_code == 404
    for who in (cast.claire, cast.sophie, cast.observer, cast.prescriber):
        assert client.acting_for(who).get(address).status_code == 403


def test_only_buyers_and_administrators_import(client, cast):
    for who in (cast.claire, cast.sophie, cast.observer, cast.prescriber):
        assert client.acting_for(who).get(ADDRESS).status_code == 403
    assert client.acting_for(cast.helene).get(ADDRESS).status_code == 200
