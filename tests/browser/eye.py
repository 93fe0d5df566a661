"""A judge of what is on screen: axe-core, and whether a page fits the widths that people hold."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
JUDGED_AT = (1280, 390)
FITS = (1280, 390, 320)
HEIGHT = 900
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = "(tags) => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(found => found.violations)"
_WIDTH = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"


class Eye:
    """Looks at each kind of page once, and keeps what it holds against it."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.faults: list[str] = []

    def look(self, page: Page) -> None:
        """Judges the page on screen, unless one like it was: same address, title and headings but for their figures."""
        words = [page.title(), *page.locator("h2").all_inner_texts()]
        name = f"{_kind_of(page.url)} {re.sub('[0-9]+', 'N', ', '.join(words))}"
        if name in self.seen:
            return
        self.seen.add(name)
        self.faults += [f"{name}: {fault}" for fault in faults_of(page)]


def faults_of(page: Page) -> list[str]:
    """What axe-core finds at each width, and the widths that the page overflows; its own width is given back."""
    own = page.viewport_size
    found: list[str] = []
    for width in FITS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        content, window = page.evaluate(_WIDTH)
        if content > window:
            found.append(f"{content} px wide in a window of {window}")
        if width in JUDGED_AT:
            found += [f"at {width}, {_in_words(violation)}" for violation in _violations(page)]
    if own:
        page.set_viewport_size(own)
    return found


def _violations(page: Page) -> list[dict[str, Any]]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    violations: list[dict[str, Any]] = page.evaluate(_RUN, RULES)
    return violations


def _in_words(violation: dict[str, Any]) -> str:
    nodes = [node["html"][:160] for node in violation["nodes"]]
    return f"{violation['id']} ({violation['help']}): {' | '.join(nodes[:3])}"


def _kind_of(address: str) -> str:
    """The address without what names one thing: figures, secrets and codes."""
    path = re.sub(r"^\w+://[^/]+|[?#].*$", "", address)
    return re.sub(r"/(?:[\w-]*\d[\w-]*|[\w-]{16,})(?=[/.]|$)", "/…", path)
