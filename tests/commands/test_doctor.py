"""The doctor says what is well and what is to be seen, with what to do; its status is 1 when something is wrong."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tests import builders as a
from tests.plumbing import mail
from tracker.commands import doctor
from tracker.plumbing import clock, health, outbox
from tracker.plumbing.database import db


def lines(app):
    """The doctor's answer: its status, and the findings by subject as (well, found, remedy)."""
    answer = app.test_cli_runner().invoke(args=["doctor"])
    found, subject = {}, ""
    for line in answer.output.splitlines():
        if line.startswith("        → "):
            found[subject] = (*found[subject][:2], line.removeprefix("        → "))
        else:
            subject, said = line[8:].split("\u00a0: ", 1)
            found[subject] = (line.startswith("bien"), said, "")
    return answer.exit_code, found


def a_worker(silent_for=0):
    at = clock.machine_now() - timedelta(seconds=silent_for)
    db.session.execute(text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (:at)"), {"at": at})


@pytest.fixture
def sound(app, monkeypatch):
    """An installation where all is well: a demonstration with its communes, a worker, the libraries of the papers."""
    monkeypatch.setitem(app.config, "TRACKER_MODE", "demo")
    monkeypatch.setattr(doctor.ctypes.util, "find_library", lambda name: f"lib{name}.so")
    row = "INSERT INTO commune (code, name, department_code, postal_codes, search_key)"
    db.session.execute(text(f"{row} VALUES ('99999', 'Essai', '99', '{{99999}}', 'essai') ON CONFLICT DO NOTHING"))
    a_worker()
    db.session.commit()
    yield app
    db.session.execute(text("DELETE FROM commune WHERE code = '99999'"))
    db.session.commit()


def test_all_is_well(sound):
    status, found = lines(sound)
    assert [subject for subject, (is_well, _, _) in found.items() if not is_well] == []
    assert status == 0
    assert found["base de données"][1].startswith("PostgreSQL ")
    assert len(found) == len(doctor.CHECKS)


def only_wrong(app, subject):
    """What is said of the one thing that is wrong; the others stay well and the status is 1."""
    status, found = lines(app)
    assert [name for name, (is_well, _, _) in found.items() if not is_well] == [subject]
    assert status == 1
    _, said, remedy = found[subject]
    assert remedy
    return said, remedy


@pytest.mark.parametrize(("silent_for", "is_well"), [(50, True), (70, False)])
def test_a_worker_that_does_not_show_itself_is_seen(sound, silent_for, is_well):
    db.session.execute(text("DELETE FROM procrastinate_workers"))
    a_worker(silent_for)
    if is_well:
        assert lines(sound)[0] == 0
    else:
        assert only_wrong(sound, "travaux de fond") == (
            "0 en marche",
            "Lancez «\u00a0flask worker\u00a0» (ou «\u00a0make demo\u00a0»).",
        )


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2040, 1, 1)])
def test_a_fixed_day_neither_kills_nor_wakes_a_worker(sound, day):
    clock.stand_on(day)
    assert lines(sound)[0] == 0
    db.session.execute(text("DELETE FROM procrastinate_workers"))
    a_worker(silent_for=70)
    only_wrong(sound, "travaux de fond")


def test_a_missing_library_is_named(sound, monkeypatch):
    monkeypatch.setattr(
        doctor.ctypes.util, "find_library", lambda name: None if name == "harfbuzz-subset" else f"lib{name}.so"
    )
    said, remedy = only_wrong(sound, "mise en page des PDF")
    assert said == "absents\u00a0: harfbuzz-subset"
    assert "libharfbuzz-subset0" in remedy


def test_a_missing_font_is_named(sound, monkeypatch):
    monkeypatch.setattr(doctor, "FONTS", ("400", "950"))
    assert "950" in only_wrong(sound, "polices")[1]


def test_a_mail_server_that_does_not_answer_is_seen(sound, monkeypatch):
    monkeypatch.setitem(sound.config, "MAIL_URL", "smtp://127.0.0.1:9")
    assert "refused" in only_wrong(sound, "courriel")[0]


def test_a_mail_address_that_cannot_be_read_is_seen(sound, monkeypatch):
    monkeypatch.setitem(sound.config, "MAIL_URL", "smtp://127.0.0.1:port")
    assert "port" in only_wrong(sound, "courriel")[0]


def test_a_mail_server_that_answers_is_well(sound, monkeypatch):
    server = mail.started(mail.Mailbox())
    monkeypatch.setitem(sound.config, "MAIL_URL", f"smtp://127.0.0.1:{server.port}")
    assert lines(sound)[1]["courriel"] == (True, "le serveur répond", "")
    server.stop()


@pytest.mark.parametrize(("mode", "is_well"), [("demo", True), ("production", False)])
def test_a_server_without_mail_is_well_in_the_demonstration_alone(sound, monkeypatch, mode, is_well):
    monkeypatch.setitem(sound.config, "TRACKER_MODE", mode)
    assert lines(sound)[1]["courriel"][0] is is_well


def test_a_message_that_was_given_up_is_seen(sound):
    waiting = outbox.post("sophie@guerin.example", "Accès", "Bonjour")
    db.session.commit()
    assert lines(sound)[1]["messages"][:2] == (True, "0\u00a0abandonné, 1 en attente")
    waiting.given_up_at = a.NOW
    db.session.commit()
    said, remedy = only_wrong(sound, "messages")
    assert said == "1\u00a0abandonné, 0 en attente"
    assert "flask messages retry" in remedy


def test_a_database_behind_the_code_is_seen(sound, monkeypatch):
    monkeypatch.setattr(health.ScriptDirectory, "get_current_head", lambda _: "9999")
    said, remedy = only_wrong(sound, "migrations")
    assert said.endswith("code en 9999")
    assert remedy == doctor.MIGRATE


@pytest.mark.parametrize(("mode", "is_well"), [("production", False), ("demo", True)])
def test_an_application_that_owns_its_tables_is_seen_in_production(sound, monkeypatch, mode, is_well):
    monkeypatch.setitem(sound.config, "TRACKER_MODE", mode)
    monkeypatch.setattr(doctor, "_IS_OWNER", text("SELECT true"))
    assert lines(sound)[1]["journal"][0] is is_well


def test_a_folder_that_cannot_be_written_is_seen(sound, monkeypatch, tmp_path):
    monkeypatch.setitem(sound.config, "INSTANCE_PATH", tmp_path / "absent")
    assert only_wrong(sound, "dossier des fichiers")[0] == str(tmp_path / "absent")


def test_what_breaks_a_look_does_not_stop_the_others(sound, monkeypatch):
    monkeypatch.setattr(doctor, "_IS_OWNER", text("SELECT nothing FROM nowhere"))
    said, remedy = only_wrong(sound, "journal")
    assert 'relation "nowhere" does not exist' in said
    assert remedy == doctor.MIGRATE
