"""A site as people meet it: a real server on the loopback, a real mail server, a real worker, a real Chromium."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.eye import Eye
from tests.browser.live import Postbox, Site, chromium_at_work, served
from tests.browser.person import Person
from tests.communes import communes
from tests.plumbing.mail import started
from tracker.plumbing import clock

__all__ = ["communes"]  # fixtures of other rooms
ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PATIENCE = 20_000  # milliseconds


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands in this folder is a journey through a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, which reaches nothing but the loopback."""
    with chromium_at_work() as browser:
        yield browser


@pytest.fixture
def site(app, server, tmp_path) -> Iterator[Site]:
    """The application behind a socket, over the database that the test fills; the same clock as the test."""
    mailbox = Postbox()
    mail = started(mailbox)
    settings = {
        "TRACKER_MODE": "test",
        "DATABASE_URL": server.app_url,
        "DATABASE_OWNER_URL": server.owner_url,
        "INSTANCE_PATH": tmp_path,
        "SECRET_KEY": "only-for-tests",
        "MAIL_URL": f"smtp://127.0.0.1:{mail.port}",
        "SEND_FILE_MAX_AGE_DEFAULT": 3600,  # style sheets once a browser, not once a page
    }
    try:
        with served(settings, mailbox) as site:
            yield site
    finally:
        mail.stop()


@pytest.fixture
def worker(site) -> Iterator[subprocess.Popen[bytes]]:
    """`flask worker`, a process of its own, which sends what the pages decide to send."""
    names = ("TRACKER_MODE", "DATABASE_URL", "DATABASE_OWNER_URL", "INSTANCE_PATH", "SECRET_KEY", "MAIL_URL")
    settings = {name: str(site.app.config[name]) for name in names}
    settings["AS_OF"] = clock.today().isoformat()
    log = (site.app.config["INSTANCE_PATH"] / "worker.log").open("wb")
    command = [sys.executable, "-m", "flask", "worker"]
    with log, subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log) as process:
        yield process
        process.terminate()


@pytest.fixture(scope="session")
def eye() -> Eye:
    """The judge of what is on screen."""
    return Eye()


@pytest.fixture
def somebody(chromium, site) -> Iterator[Callable[..., Person]]:
    """Somebody before a browser of their own: `somebody(java_script=False, width=390)`."""
    contexts: list[BrowserContext] = []

    def arrives(java_script: bool = True, width: int = 1280, eye: Eye | None = None) -> Person:
        context = chromium.new_context(
            base_url=site.address,
            locale="fr-FR",
            viewport={"width": width, "height": 900},
            java_script_enabled=java_script,
            accept_downloads=True,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return Person(context.new_page(), eye)

    yield arrives
    for context in contexts:
        context.close()
