"""Papers drawn from our own files: the same bytes again, tagged, and never anything from elsewhere."""

from __future__ import annotations

import io
from threading import Thread

import outloud
import pdfua
import pikepdf
import pytest

from tracker.plumbing import pdf

PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Essai</title>
  <link rel="stylesheet" href="css/tokens.css">
  <link rel="stylesheet" href="css/document.css">
  <link rel="stylesheet" href="css/components/document.css">
</head><body data-foot="Essai"><h1>Essai d’accents : éàùç</h1><p>Lisez <a href="https://example.org/">la page</a>.</p>
<table class="doc-table"><thead><tr><th scope="col">Étape</th><th scope="col" class="num">Heures</th></tr></thead>
<tbody><tr><th scope="row">Dues</th><td class="num">1 500,00 h</td></tr></tbody></table>
{more}</body></html>"""


def page(more: str = "") -> str:
    return PAGE.replace("{more}", more)


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return pdf.render(page())


def test_the_same_page_gives_the_same_bytes(drawn: bytes) -> None:
    assert pdf.render(page()) == drawn
    assert pdf.render(page("<p>autre</p>")) != drawn


def test_nothing_in_the_file_says_when_it_was_drawn(drawn: bytes) -> None:
    with pikepdf.open(io.BytesIO(drawn)) as file:
        assert not {"/CreationDate", "/ModDate"} & set(file.docinfo.keys())


def test_two_threads_draw_the_same_paper(drawn: bytes) -> None:
    found: list[bytes] = []
    threads = [Thread(target=lambda: found.append(pdf.render(page()))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [drawn] * 3


def test_the_judges_of_accessibility_find_nothing(drawn: bytes, tmp_path) -> None:
    path = tmp_path / "feuille.pdf"
    path.write_bytes(drawn)
    judged = outloud.check(str(path))
    assert (judged.error, judged.findings) == (None, [])
    assert pdfua.validate(str(path)).findings == ()


def test_language_and_title_are_the_pages(drawn: bytes) -> None:
    with pikepdf.open(io.BytesIO(drawn)) as file:
        assert str(file.Root.Lang) == "fr"
        assert str(file.docinfo["/Title"]) == "Essai"
        assert bool(file.Root.ViewerPreferences.DisplayDocTitle)


def test_each_header_says_what_it_heads(drawn: bytes) -> None:
    with pikepdf.open(io.BytesIO(drawn)) as file:
        scopes = [
            str(one.A.Scope)
            for one in file.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == pikepdf.Name.TH
        ]
    assert sorted(scopes) == ["/Column", "/Column", "/Row"]


def test_only_fonts_of_the_house_write_the_text(drawn: bytes) -> None:
    with pikepdf.open(io.BytesIO(drawn)) as file:
        fonts = {
            str(one.FontName).split("+")[-1]
            for one in file.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == pikepdf.Name.FontDescriptor
        }
    assert fonts
    assert all(name.startswith("Source-Sans-3") for name in fonts)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://example.org/a.png", "the network"),
        ("http://127.0.0.1:1/a.png", "this machine's own servers"),
        ("ftp://example.org/a.png", "another protocol"),
        ("file:///etc/hostname", "a file of the machine"),
        ("../config.py", "a file of the project beside static/"),
        ("img/../../config.py", "the same, by a detour"),
        ("img/%2e%2e/%2e%2e/config.py", "the same, written otherwise"),
        ("file://elsewhere/static/img/logo-paper.svg", "another machine's file"),
    ],
)
def test_a_paper_asks_for_nothing_outside_static(address: str, why: str) -> None:
    with pytest.raises(pdf.NotOurs):
        pdf.render(page(f'<img src="{address}" alt="{why}">'))


def test_a_drawing_of_ours_is_let_through() -> None:
    assert pdf.render(page('<img src="img/logo-paper.svg" alt="Logo" width="40" height="40">'))
