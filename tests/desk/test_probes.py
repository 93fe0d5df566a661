"""What machines ask of a process: whether it lives, whether it can serve, what it counted."""

from contextvars import Context
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.plumbing.scraped import series_of, value
from tracker.app import create_app
from tracker.plumbing import clock, health
from tracker.plumbing.database import db

TOKEN = "a-secret-of-the-monitoring"


@pytest.fixture
def lost(app, tmp_path):
    """A process whose database does not answer."""
    lost = create_app(
        TRACKER_MODE="test",
        DATABASE_URL="postgresql://tracker_app:hidden@127.0.0.1:9/nowhere",
        INSTANCE_PATH=tmp_path,
        SECRET_KEY="only-for-tests",
        METRICS_TOKEN=TOKEN,
    )
    yield lambda address, **more: Context().run(lost.test_client().get, address, **more)
    with lost.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("who", ["nobody", "claire"])
def test_a_process_that_lives_says_so_without_the_database(client, cast, who):
    visitor = client if who == "nobody" else client.acting_for(cast.claire)
    answer = visitor.get("/health")
    assert (answer.status_code, answer.json) == (200, {"alive": True})
    assert answer.headers["X-Statements"] == "0"


def test_it_lives_though_its_database_does_not(lost):
    assert lost("/health").status_code == 200


def items(answer) -> dict[str, bool]:
    return {name: item["ok"] for name, item in answer.json["items"].items()}


def test_without_a_worker_pages_still_answer(client):
    answer = client.get("/ready")
    assert (answer.status_code, answer.json["ready"]) == (200, True)
    assert items(answer) == {"database": True, "migrations": True, "worker": False}
    assert [name for name, item in answer.json["items"].items() if item["needed"]] == ["database", "migrations"]


def test_all_is_ready_with_a_worker(client):
    row = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (:at)"
    db.session.execute(text(row), {"at": clock.machine_now() - timedelta(seconds=50)})
    assert items(client.get("/ready")) == {"database": True, "migrations": True, "worker": True}


def test_a_database_behind_the_code_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health.ScriptDirectory, "get_current_head", lambda _: "9999")
    answer = client.get("/ready")
    assert (answer.status_code, answer.json["ready"]) == (503, False)
    assert items(answer) == {"database": True, "migrations": False, "worker": False}


def test_a_database_that_does_not_answer_is_not_ready_and_its_address_is_not_told(lost):
    answer = lost("/ready")
    assert (answer.status_code, answer.json["ready"]) == (503, False)
    assert items(answer) == {"database": False, "migrations": False, "worker": False}
    assert not {word for word in ("127.0.0.1", "tracker_app", "hidden", "PostgreSQL") if word in answer.text}


@pytest.mark.parametrize(
    ("setting", "header", "status"),
    [
        (TOKEN, f"Bearer {TOKEN}", 200),
        (TOKEN, f"Bearer {TOKEN}x", 401),
        (TOKEN, f"Bearer {TOKEN[:-1]}", 401),
        (TOKEN, "Bearer é", 401),
        (TOKEN, "Bearer", 401),
        (TOKEN, "Basic YTpi", 401),
        (TOKEN, "", 401),
        ("", "Bearer ", 401),
        ("", f"Bearer {TOKEN}", 401),
    ],
)
def test_a_machine_reads_the_metrics_with_the_site_s_own_secret(app, client, monkeypatch, setting, header, status):
    monkeypatch.setitem(app.config, "METRICS_TOKEN", setting)
    answer = client.get("/metrics", headers={"Authorization": header} if header else {})
    assert answer.status_code == status
    assert ("tracker_requests_total" in answer.text) is (status == 200)


def test_that_secret_opens_nothing_else(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "METRICS_TOKEN", TOKEN)
    assert client.get("/", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 401
    assert client.get("/reglages", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 401


@pytest.mark.parametrize(("who", "status"), [("administrator", 200), ("claire", 403)])
def test_an_administrator_reads_them_in_a_browser(client, cast, who, status):
    answer = client.acting_for(getattr(cast, who)).get("/metrics")
    assert answer.status_code == status
    assert answer.mimetype == ("text/plain" if status == 200 else "text/html")


def test_without_the_database_the_metrics_say_so(lost):
    answer = lost("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    found = series_of(answer.text)
    assert value(found, "tracker_database_up") == 0
    assert "tracker_queue_jobs" not in answer.text


def test_with_the_database_they_say_so_too(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "METRICS_TOKEN", TOKEN)
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert value(series_of(answer.text), "tracker_database_up") == 1
