"""The application behind a real socket, and Chromium: for the journeys and for the pictures."""

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from email.message import EmailMessage
from queue import SimpleQueue
from threading import Thread
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.plumbing.mail import Mailbox
from tracker.app import create_app
from tracker.plumbing.database import db

MISSING = "Chromium is missing: run « apt-get install chromium », then the tests again."
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    # Whatever a page asks elsewhere than here does not exist.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


LETTER_SECONDS = 30


class Postbox(Mailbox):
    """What a mail server took, letter by letter, for each address."""

    def __init__(self) -> None:
        super().__init__()
        self._arrived: dict[str, SimpleQueue[EmailMessage]] = defaultdict(SimpleQueue)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's own name
        """Takes a letter, and hands it to whoever waits for it."""
        answer = await super().handle_DATA(server, session, envelope)
        for address in envelope.rcpt_tos:
            self._arrived[address].put(self.letters[-1])
        return answer

    def next_to(self, address: str) -> EmailMessage:
        """The next letter to this address, once it is there."""
        return self._arrived[address].get(timeout=LETTER_SECONDS)


@dataclass(frozen=True)
class Site:
    """A site at work: where it answers, and the letters it sent."""

    address: str
    app: Flask
    mailbox: Postbox


class _Quiet(WSGIRequestHandler):
    """The application writes its own log."""

    def log(self, *_: Any) -> None:
        pass


@contextmanager
def served(settings: Mapping[str, Any], mailbox: Postbox) -> Iterator[Site]:
    """A site over these settings, in this process, so that it stands on the clock of whoever calls."""
    app = create_app(**settings)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True
    app.config["BASE_URL"] = f"http://127.0.0.1:{server.server_port}"
    # A thread of its own context: a request has no author but the one it names.
    thread = Thread(target=Context().run, args=(server.serve_forever,), daemon=True)
    thread.start()
    try:
        yield Site(app.config["BASE_URL"], app, mailbox)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.engine.dispose()


@contextmanager
def chromium_at_work() -> Iterator[Browser]:
    """Debian's Chromium without a window. Without one the run fails: a journey nobody made proves nothing."""
    program = shutil.which("chromium")
    if program is None:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()
