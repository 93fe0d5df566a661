"""Somebody before a browser, who reads French, writes in fields by their labels and presses buttons by their words."""

import re
from pathlib import Path
from typing import Literal

from playwright.sync_api import ConsoleMessage, Locator, Page, Response, TimeoutError

from tests.browser.eye import Eye

# What Chromium says of an answer that our pages give on purpose: errors to mend, links spent.
EXPECTED = re.compile(r"the server responded with a status of 4\d\d")
PASSWORD = "une-longue-phrase-2026"


class Person:
    """One person, one browser window. What a page says is compared with ordinary spaces for no-break ones."""

    def __init__(self, page: Page, eye: Eye | None = None) -> None:
        self.page = page
        self.eye = eye
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.complaints.append(message.text)

    def signs_in(self, email: str, password: str = PASSWORD) -> None:
        """By address and password."""
        self.opens("/connexion")
        self.writes({"Adresse électronique": email, "Mot de passe": password})
        self.presses("Se connecter")

    def opens(self, address: str) -> Response:
        """Types an address."""
        response = self.page.goto(address)
        assert response is not None
        self._arrives()
        return response

    def writes(self, answers: dict[str, str], within: Locator | None = None) -> None:
        """Answers questions by their labels: text typed, or one answer of those offered, in a list or as radios."""
        for label, answer in answers.items():
            question = self.field(label, within)
            kind = question.evaluate("one => one.tagName")
            if kind == "SELECT":
                question.select_option(label=answer)
            elif kind == "FIELDSET":
                question.get_by_role("radio", name=_said(answer)).check()
            else:
                question.fill(answer)

    def ticks(self, *labels: str, within: Locator | None = None) -> None:
        """Boxes, by their labels."""
        for label in labels:
            box = (within or self.page).get_by_role("checkbox", name=label).first
            self._there(box, f"box « {label} »").check()

    def field(self, label: str, within: Locator | None = None) -> Locator:
        """The field with this label, a mention « (facultatif) » aside, or the group of answers with this legend."""
        place, name = within or self.page, _said(label)
        # The last: a part of a form may bear the same words as the only question in it.
        found = place.get_by_label(name).or_(place.get_by_role("group", name=name)).last
        return self._there(found, f"field « {label} »")

    def attaches(self, label: str, file: Path) -> None:
        """Chooses a file of one's machine."""
        self.field(label).set_input_files(file)

    def presses(self, words: str, within: Locator | None = None) -> None:
        """A button; the page that comes is read whole."""
        with self.page.expect_navigation():
            self._named("button", words, within).click()
        self._arrives()

    def follows(self, words: str, within: Locator | None = None) -> None:
        """A link."""
        with self.page.expect_navigation():
            self._named("link", words, within).click()
        self._arrives()

    def takes(self, words: str) -> bytes:
        """The file behind a link."""
        with self.page.expect_download() as download:
            self._named("link", words).click()
        return Path(download.value.path()).read_bytes()

    def link_to(self, words: str) -> str:
        """The address behind a link, to give to somebody else."""
        return self._named("link", words).get_attribute("href") or ""

    def _named(self, role: Literal["button", "link"], words: str, within: Locator | None = None) -> Locator:
        found = (within or self.page).get_by_role(role, name=words, exact=True).first
        return self._there(found, f"{role} « {words} »")

    def _there(self, found: Locator, what: str) -> Locator:
        try:
            found.wait_for()
        except TimeoutError as late:
            raise AssertionError(f"no {what} on {self.page.url}: {self.reads()}") from late
        return found

    def row(self, words: str) -> Locator:
        """The row, the task or the line about somebody."""
        return self.page.locator("tr, .task, .line, [data-entry]").filter(has_text=words).first

    def reads(self, within: Locator | None = None) -> str:
        """What is written, as one line."""
        return tidied((within or self.page.locator("body")).inner_text())

    def sees(self, *texts: str, within: Locator | None = None) -> None:
        """Every one of these words is on screen."""
        shown = self.reads(within)
        for text in texts:
            assert tidied(text).lower() in shown.lower(), f"« {text} » is not on {self.page.url}: {shown}"

    def sees_no(self, *texts: str, within: Locator | None = None) -> None:
        """None of these words is on screen, nor anywhere in the page's source."""
        source = tidied(self.page.content() if within is None else within.inner_html()).lower()
        for text in texts:
            assert tidied(text).lower() not in source, f"« {text} » is on {self.page.url}"

    def _arrives(self) -> None:
        assert not self.complaints, f"{self.page.url}: {self.complaints}"
        if self.eye:
            self.eye.look(self.page)


def tidied(text: str) -> str:
    """One line, with ordinary spaces."""
    return " ".join(text.split())


def _said(label: str) -> re.Pattern[str]:
    words = re.escape(label).replace(r"\ ", r"\s")
    return re.compile(rf"^\s*{words}(\s\(facultatif\))?\s*$", re.IGNORECASE)
