"""What is counted of requests, jobs and messages, under labels that name nobody."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests import builders as a
from tests.plumbing.scraped import Series, series_of, total, value
from tracker.plumbing import clock, metrics, outbox, queue
from tracker.plumbing.database import db


def scrape() -> Series:
    """The page as it is now; counters are this process's, so that a test looks at what it adds."""
    return series_of(metrics.page().decode())


def added(act, name: str, **labels: str) -> float:
    """What an act adds to a counter."""
    before = total(scrape(), name, **labels)
    act()
    return total(scrape(), name, **labels) - before


SECRET = "s" * 43


@pytest.mark.parametrize(
    ("method", "address", "labels"),
    [
        ("GET", "/connexion", {"route": "/connexion", "method": "GET", "status": "2xx"}),
        ("GET", f"/lien/{SECRET}", {"route": "/lien/<secret>", "method": "GET", "status": "4xx"}),
        ("GET", f"/nulle-part/{SECRET}", {"route": "none", "method": "GET", "status": "4xx"}),
        ("BREW", "/connexion", {"route": "none", "method": "other", "status": "4xx"}),
        ("GET", "/", {"route": "/", "method": "GET", "status": "4xx"}),
    ],
)
def test_a_request_is_counted_once_by_its_pattern(client, method, address, labels):
    assert added(lambda: client.open(address, method=method), "tracker_requests_total", **labels) == 1
    assert SECRET not in metrics.page().decode()


def test_a_failure_is_counted_as_one(app, client, monkeypatch):
    monkeypatch.setitem(app.view_functions, "desk.legal", lambda: 1 / 0)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    wanted = {"route": "/mentions-legales", "status": "5xx"}
    assert added(lambda: client.get("/mentions-legales"), "tracker_requests_total", **wanted) == 1


@pytest.mark.parametrize("name", ["tracker_request_seconds_count", "tracker_request_statements_count"])
def test_each_request_is_measured(client, name):
    assert added(lambda: client.get("/connexion"), name, route="/connexion", method="GET") == 1


def test_statements_are_those_of_the_request(client, cast):
    claire, pages = client.acting_for(cast.claire), []
    asked = added(lambda: pages.append(claire.get("/")), "tracker_request_statements_sum", route="/", method="GET")
    assert asked == int(pages[0].headers["X-Statements"]) > 0


@pytest.mark.parametrize("status", queue.STATUSES)
def test_the_queue_is_told_by_status(app, status):
    outbox.post("sophie@guerin.example", "Votre accès", "Bonjour")
    db.session.execute(
        text("UPDATE procrastinate_jobs SET status = CAST(:status AS procrastinate_job_status)"), {"status": status}
    )
    found = scrape()
    assert {one: value(found, "tracker_queue_jobs", status=one) for one in queue.STATUSES} == {
        one: float(one == status) for one in queue.STATUSES
    }


@pytest.mark.parametrize(
    ("sent", "given_up", "told"), [(False, False, (1, 0)), (False, True, (0, 1)), (True, False, (0, 0))]
)
def test_messages_wait_leave_or_are_given_up(app, sent, given_up, told):
    message = outbox.post("sophie@guerin.example", "Votre accès", "Bonjour")
    message.sent_at, message.given_up_at = (a.NOW if sent else None), (a.NOW if given_up else None)
    db.session.flush()
    found = scrape()
    assert tuple(value(found, "tracker_messages", state=state) for state in ("waiting", "given_up")) == told
    assert "sophie" not in metrics.page().decode()


@pytest.mark.parametrize(("silent_for", "alive"), [(50, 1), (70, 0)])
def test_a_worker_is_alive_as_long_as_it_shows_itself(app, silent_for, alive):
    at = clock.machine_now() - timedelta(seconds=silent_for)
    db.session.execute(text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (:at)"), {"at": at})
    assert value(scrape(), "tracker_workers_alive") == alive


def test_what_runs_is_named(app, monkeypatch):
    monkeypatch.setitem(app.config, "BUILD_VERSION", "2026.11")
    assert total(scrape(), "tracker_build_info", version="2026.11") == 1


def test_a_folder_of_counters_is_emptied_before_anybody_counts(tmp_path):
    folder = tmp_path / "metrics"
    assert metrics.start_anew(folder) == {metrics.FOLDER: str(folder)}
    (folder / "counter_1.db").touch()
    metrics.start_anew(folder)
    assert list(folder.iterdir()) == []
