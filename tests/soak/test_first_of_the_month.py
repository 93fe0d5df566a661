"""The first of the month, processes killed in the middle: nothing is lost, nothing is doubled, no page is an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from flask import Flask

from tests.plumbing import mail
from tests.plumbing.scraped import series_of, total
from tests.soak import judge, run, world
from tests.soak.book import Book
from tests.soak.launcher import WEB, WORKER, Site
from tests.soak.run import Kills
from tests.soak.world import Size
from tracker.plumbing import clock
from tracker.plumbing.database import db

SMALL = Size(employers=4, people=2, months=1, facilitators=2, certificates=2, web_workers=1, come_back_pace=(0.5, 2))
WHOLE = Size(employers=40, people=5, months=3, facilitators=6, certificates=20)
PROBES = ("/ready", "/metrics")
Tampering = Callable[[Book], object]
Say = Callable[[str], object]


@pytest.fixture
def mailbox() -> Iterator[mail.Mailbox]:
    """A mail server's box."""
    box = mail.Mailbox()
    server = mail.started(box)
    box.port = server.port
    yield box
    server.stop(no_assert=True)


def lived(
    app: Flask, mailbox: mail.Mailbox, folder: Path, size: Size, kills: Kills, longest: int, say: Say = print
) -> Book:
    """A first of the month lived to its end, in so many seconds at most, and found right; its book."""
    clock.stand_on(world.FIRST_OF_THE_MONTH)
    comers = world.settle(size) | {"pace": [0.1, 0.8], "come_back_pace": size.come_back_pace, "public_pace": [0.5, 6]}
    settings = run.settings_of(app.config, folder, mailbox.port, world.FIRST_OF_THE_MONTH.isoformat())
    with Site(folder, settings, size.web_workers) as site:
        run.until(lambda: run.is_ready(site), "a site at work")
        book = run.live(site, comers, folder, kills, longest)
        run.until(lambda: run.is_ready(site), "a site at work again")
        run.wait_for_the_last_letter(mailbox)
        page = run.scrape(site)
    say(f"\n{book.report(site.kills)}")
    wrong = [*site.faults, *judge.differences(book, app, mailbox), *miscounted(page, book, site)]
    assert wrong == [], "\n".join(wrong)
    assert book.is_over
    assert sum(len(versions) > 0 for versions in book.versions.values()) == size.lines
    assert site.kills.total() == kills.count
    return book


def miscounted(page: str, book: Book, site: Site) -> Iterator[str]:
    """What the metrics tell less of than the visitors saw: a killed process's counters are kept."""
    series = series_of(page)
    asked = total(series, "tracker_requests_total")
    asked -= sum(total(series, "tracker_requests_total", route=route) for route in PROBES)
    if asked < book.answers:
        yield f"{asked} requests in the metrics, {book.answers} answers in the book"
    if total(series, "tracker_requests_total", status="5xx") > total(series, "tracker_requests_total", route="/ready"):
        yield "error pages in the metrics"
    sent = total(series, "tracker_jobs_total", job="send_message", outcome="done")
    # A worker killed between its commit and its count counts one less.
    if not 0 <= book.decided.total() - sent <= site.kills[WORKER]:
        yield f"{sent} jobs in the metrics, {book.decided.total()} decisions in the book"


def forget_a_month(book: Book) -> None:
    book.versions.popitem()


def send_a_month_more(book: Book) -> None:
    next(iter(book.versions.values())).append(next(iter(book.versions.values()))[-1])


def change_hours(book: Book) -> None:
    line = next(iter(book.accepted))
    book.versions[line][-1] += 1


def decide_otherwise(book: Book) -> None:
    line = next(iter(book.accepted))
    book.rulings[line] = ["refuse" if one == "accept" else one for one in book.rulings[line]]


def decide_once_more(book: Book) -> None:
    book.decided[next(iter(book.decided))] += 1


TAMPERINGS: tuple[Tampering, ...] = (
    forget_a_month,
    send_a_month_more,
    change_hours,
    decide_otherwise,
    decide_once_more,
)


def test_a_small_first_of_the_month_loses_and_doubles_nothing(app, mailbox, tmp_path):
    book = lived(app, mailbox, tmp_path, SMALL, Kills(2, every=4, kinds=(WEB, WORKER)), longest=120)
    for tamper in TAMPERINGS:
        wrong = deepcopy(book)
        tamper(wrong)
        assert list(judge.differences(wrong, app, mailbox)), f"the judge does not see: {tamper.__name__}"
    db.session.rollback()


@pytest.mark.soak
def test_fifty_kills_lose_and_double_nothing(app, mailbox, tmp_path, capsys):
    def say(report: str) -> None:
        with capsys.disabled():
            print(report)  # noqa: T201 - the figures of docs/performance.md

    lived(app, mailbox, tmp_path, WHOLE, Kills(50, every=10), 900, say)
