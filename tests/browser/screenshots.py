"""The README's pictures, made again from the demonstration on a fixed day: `python -m tests.browser.screenshots`."""

import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flask_migrate import upgrade
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.live import Postbox, Site, chromium_at_work, served
from tests.browser.person import Person
from tracker.accounts.rules import Role
from tracker.commands import demo
from tracker.commands.world import ACCOUNTS, PASSWORD
from tracker.plumbing import embedded

DAY = "2026-11-22"
IMAGES = Path(__file__).parents[2] / "docs" / "images"
DESKTOP, PHONE = (1280, 960), (390, 844)
PAPER_DPI = 72
# Enough for flat colours and smoothed type, and a picture weighs a third.
COLOURS = 128


def main() -> None:
    """Makes every picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with demonstration() as site, chromium_at_work() as browser:
        for name, png in pictures(site, browser):
            keep(name, png)


@contextmanager
def demonstration() -> Iterator[Site]:
    """The demonstration Département on its day, in a database that vanishes afterwards."""
    with embedded.throwaway() as server, TemporaryDirectory() as folder:
        settings = {
            "TRACKER_MODE": "demo",
            "AS_OF": DAY,
            "DATABASE_URL": server.app_url,
            "DATABASE_OWNER_URL": server.owner_url,
            "INSTANCE_PATH": Path(folder),
            "SECRET_KEY": "only-for-pictures",
            "LOG_PATH": str(Path(folder) / "tracker.log"),
        }
        with served(settings, Postbox()) as site:
            with site.app.app_context():
                upgrade()
                demo.prepare(lambda line: sys.stderr.write(f"{line}\n"))
            yield site


def pictures(site: Site, browser: Browser) -> Iterator[tuple[str, bytes]]:
    """Each picture's name and content."""
    claire = somebody(site, browser, Role.FACILITATOR)
    yield "desk", claire.page.screenshot()
    claire.follows("Guérin Construction, octobre 2026")
    yield "decide", claire.page.screenshot()
    claire.opens("/marches?q=jean-zay+lot+1")
    claire.page.locator("tbody a").first.click()
    yield "contract", claire.page.screenshot()
    sophie = somebody(site, browser, Role.EMPLOYER)
    sophie.opens(f"/declarations/{DAY[:7]}")
    yield "declare", sophie.page.screenshot()
    sophie = somebody(site, browser, Role.EMPLOYER, PHONE)
    sophie.opens(f"/declarations/{DAY[:7]}")
    sophie.page.locator(".entries").evaluate("one => one.scrollIntoView({behavior: 'instant'})")
    yield "declare-mobile", sophie.page.screenshot()
    claire.opens("/attestations")
    claire.page.locator("tbody a").first.click()
    yield "certificate", first_sheet(claire.takes("Télécharger le PDF"))
    anybody = Person(_page(site, browser))
    anybody.opens(claire.link_to("Page de vérification"))
    yield "verify", anybody.page.screenshot()


def somebody(site: Site, browser: Browser, role: Role, size: tuple[int, int] = DESKTOP) -> Person:
    """One of the demonstration's people, signed in."""
    person = Person(_page(site, browser, size))
    person.signs_in(ACCOUNTS[role], PASSWORD)
    return person


def _page(site: Site, browser: Browser, size: tuple[int, int] = DESKTOP) -> Page:
    width, height = size
    return browser.new_page(base_url=site.address, locale="fr-FR", viewport={"width": width, "height": height})


def first_sheet(pdf: bytes) -> bytes:
    """A PDF's first sheet as a picture, drawn by poppler."""
    command = ["pdftoppm", "-r", str(PAPER_DPI), "-f", "1", "-l", "1", "-png", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout


def keep(name: str, png: bytes) -> None:
    """Writes a picture in few colours."""
    image = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS)
    image.save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
