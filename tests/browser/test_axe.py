"""Everybody can use it: axe-core finds nothing on what anybody may open, and the keyboard alone declares a month."""

from datetime import date

import pytest
from flask_security import hash_password
from playwright.sync_api import Page

from tests import builders as a
from tests.browser.eye import Eye, faults_of
from tests.browser.person import PASSWORD
from tracker.plumbing import clock
from tracker.plumbing.database import db

ANYBODY = (
    "/connexion",
    "/verifier",
    "/regles",
    "/accessibilite",
    "/donnees-personnelles",
    "/mentions-legales",
    "/plan-du-site",
    "/code-source",
    "/nulle-part",
    "/marches",
)
EMPTY_MONTHS = "/declarations/sans-heure"
MOST_TABS = 60
_FOCUSED = """() => {
    const one = document.activeElement;
    const named = [one.ariaLabel, ...[...(one.labels ?? [])].map(label => label.innerText), one.innerText];
    return [named.filter(Boolean).join(" "), getComputedStyle(one).outlineStyle];
}"""


def test_axe_finds_nothing_on_the_pages_open_to_anybody(app, site, somebody):
    eye = Eye()
    anybody = somebody(eye=eye)
    for address in ANYBODY:
        anybody.opens(address)
    assert eye.faults == []


def test_axe_finds_nothing_on_empty_months_nor_on_an_identity(cast, site, somebody):
    clock.stand_on(a.TODAY)
    amina = a.a_participant(cast.structure)
    for member in (cast.sophie, cast.claire):
        member.person.password = hash_password(PASSWORD)
    db.session.commit()
    eye = Eye()
    for member, address in ((cast.sophie, EMPTY_MONTHS), (cast.claire, f"/participants/{amina.public_id}/identite")):
        visitor = somebody(eye=eye)
        visitor.signs_in(member.person.email, PASSWORD)
        visitor.opens(address)
    assert eye.faults == []


def test_the_eye_sees_a_picture_without_words_and_a_page_too_wide(site, somebody):
    page = somebody().page
    page.set_content("<html lang=fr><title>x</title><main><h1>x</h1><img src=x><p style='width: 500px'>x</p></main>")
    found = " ".join(faults_of(page))
    assert "image-alt" in found
    assert "500" in found or "px wide in a window of 390" in found


def test_the_keyboard_alone_declares_a_month(cast, site, somebody):
    clock.stand_on(date(2025, 10, 3))
    _amina_works(cast)
    page = somebody().page
    page.goto("/connexion")
    for label, text in (("Adresse électronique", cast.sophie.person.email), ("Mot de passe", PASSWORD)):
        tab_to(page, label)
        page.keyboard.type(text)
    arrive(page, "Enter")
    tab_to(page, "Septembre 2025")
    arrive(page, "Enter")
    tab_to(page, "Heures en septembre")
    page.keyboard.type("70h30")
    tab_to(page, "J’atteste sur l’honneur")
    page.keyboard.press("Space")
    tab_to(page, "Transmettre la déclaration")
    arrive(page, "Enter")
    assert "1 déclaration transmise pour septembre 2025" in page.locator("main").inner_text().replace("\xa0", " ")
    assert "70,50" in page.locator("main").inner_text()


def _amina_works(cast) -> None:
    amina = a.a_participant(cast.structure)
    a.a_placement(cast.pledge, amina, a.a_decision(amina, cast.claire.person))
    cast.sophie.person.password = hash_password(PASSWORD)
    db.session.commit()


def tab_to(page: Page, words: str) -> None:
    """Presses Tab until what bears these words has the focus, and shows it."""
    passed = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        named, outline = page.evaluate(_FOCUSED)
        passed.append(named)
        if words in named.replace("\xa0", " "):
            assert outline != "none", f"« {words} » has the focus, and nothing shows it"
            return
    pytest.fail(f"Tab never reaches « {words} »: {passed}")


def arrive(page: Page, key: str) -> None:
    """Presses a key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)
