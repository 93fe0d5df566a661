"""Each refusal is a page of the house, in French, under the same headers as any other; none shows how it is made."""

import io

import pytest
import time_machine
from flask import abort

from tests.security.test_matrix import walk
from tracker.accounts import views as accounts_views
from tracker.plumbing.web import ERRORS, HEADERS
from tracker.vocabulary.objections import Stale

TOO_MUCH = 64 * 1024 * 1024 + 1
SHOWN = {
    400: "Demande illisible",
    401: "Connexion demandée",
    403: "Accès réservé",
    404: "Page introuvable",
    405: "Page introuvable",
    409: "Ce dossier a changé entre-temps",
    410: "Page introuvable",
    422: "Demande illisible",
    500: "Le service a rencontré une erreur",
}


@pytest.mark.parametrize("code", ERRORS)
def test_every_refusal_is_a_page_of_the_house(world, app, client, monkeypatch, code):
    def refuse():
        abort(code)

    monkeypatch.setitem(app.view_functions, "desk.legal", refuse)
    answer = client.acting_for(world.cast.claire).get("/mentions-legales")
    assert (answer.status_code, answer.mimetype) == (code, "text/html")
    assert SHOWN.get(code, "Erreur") in answer.text
    assert "Claire Morvan" in answer.text
    assert_shows_nothing(answer)


def assert_shows_nothing(answer) -> None:
    """The headers of any page; no trace, no name of a part of the program."""
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert not {"Traceback", "werkzeug", "Werkzeug", "sqlalchemy", "site-packages"} & set(answer.text.split())


def test_what_changed_meanwhile_is_said(world, app, client, monkeypatch):
    def refuse():
        raise Stale("Claire Morvan a décidé le 08/04/2026.")

    monkeypatch.setitem(app.view_functions, "desk.legal", refuse)
    answer = client.get("/mentions-legales")
    assert answer.status_code == 409
    assert "a décidé le 08/04/2026" in answer.text


@time_machine.travel("2026-04-08 12:00+02:00", tick=False)
def test_too_many_tries_are_a_page_too(app, client, cast, monkeypatch):
    monkeypatch.setattr(accounts_views, "SIGN_INS_PER_ADDRESS", 1)
    typed = {"email": "sophie@exemple.test", "password": "perdu"}
    answers = [client.send("/connexion", typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [422, 429]
    assert_shows_nothing(answers[1])


FORM = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="number"\r\n\r\n'
BOOK = b"x" * (5 * 1024 * 1024)
LARGE = {
    # What the sender announces is believed before anything is read.
    "a file": {"environ_overrides": {"CONTENT_LENGTH": str(TOO_MUCH)}, "content_type": FORM},
    # A field of text is no place for a book.
    "a text": {"data": b"number=" + BOOK, "content_type": "application/x-www-form-urlencoded"},
    "a text beside files": {"data": PART + BOOK + b"\r\n--b--\r\n", "content_type": FORM},
    "many fields": {"data": (PART + b"\r\n") * 20_002 + b"--b--\r\n", "content_type": FORM},
}


@pytest.mark.parametrize("large", LARGE)
def test_what_is_too_large_is_refused_before_it_is_read(world, large):
    answer = world.visitor("helene").post("/marches/importer", **LARGE[large])
    assert answer.status_code == 413
    assert "Erreur\u00a0413" in answer.text.replace("&nbsp;", "\u00a0")
    assert_shows_nothing(answer)


NOT_JSON = (
    b"",
    b"\x00",
    b"<xml/>",
    b"[" * 100_000,
    b'{"marches": {"marche": [' + b"{" * 5000,
    b'{"marches": 1e999999}',
)


@pytest.mark.parametrize("content", NOT_JSON, ids=range(len(NOT_JSON)))
@pytest.mark.parametrize("name", ["marches.json", "../../\x00.json", "é" * 3000], ids=["plain", "nul", "long"])
def test_a_file_that_is_none_is_refused_with_its_reason(world, content, name):
    file = {"file": (io.BytesIO(content), name)}
    answer = world.visitor("helene").send("/marches/importer", file, key="once")
    assert answer.status_code in (302, 422)


def test_every_answer_of_every_page_bears_the_headers(app, world):
    wrong = []
    for persona in ("nobody", "claire"):
        client = world.visitor(persona)
        for row, address in walk(app, world, frozenset({"GET"})):
            answer = client.get(address)
            held = {name: answer.headers.get(name) for name in HEADERS}
            is_kept = "no-store" not in answer.headers.get("Cache-Control", "") and row.endpoint != "static"
            wrong += [f"{row.endpoint} {row.subject}"] if held != HEADERS or is_kept else []
            answer.close()
    assert wrong == []
