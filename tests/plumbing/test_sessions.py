"""Each transaction tells PostgreSQL who acts and whether it may write; a reading writes nothing."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.errors import ReadOnlySqlTransaction
from sqlalchemy import func, select, text
from sqlalchemy.exc import InternalError

from tests import builders as a
from tracker.accounts.models import Organisation
from tracker.app import create_app
from tracker.plumbing import sessions
from tracker.plumbing.database import db
from tracker.plumbing.sessions import Actor

TOLD = text(
    "SELECT current_setting('tracker.person', true), current_setting('tracker.organisation', true),"
    " current_setting('tracker.way_in', true), current_setting('transaction_read_only')"
)


def told():
    return tuple(db.session.execute(TOLD).one())


@pytest.fixture
def site(app, tmp_path) -> Flask:
    """The application over the same database, with two pages more: one writes, one says who acts."""
    more = create_app(
        TRACKER_MODE="test",
        TESTING=True,
        DATABASE_URL=app.config["DATABASE_URL"],
        INSTANCE_PATH=tmp_path,
        SECRET_KEY="only-for-tests",
        WTF_CSRF_ENABLED=False,
    )

    def write():
        a.an_organisation("Écrite")
        db.session.commit()
        return "written"

    def say():
        return {"told": list(told()), "acting": repr(sessions.acting())}

    more.add_url_rule("/essai/ecrit", "write", write, methods=["GET", "POST"])
    more.add_url_rule("/essai/dit", "say", say, methods=["GET", "POST"])
    yield more
    with more.app_context():
        db.engine.dispose()


def sign_in(client: FlaskClient, membership) -> None:
    with client.session_transaction() as session:
        session["_user_id"] = membership.person.fs_uniquifier
        session["person_id"] = membership.person_id
        session["membership_id"] = membership.id
        session["organisation_id"] = membership.organisation_id


def organisations():
    count = db.session.scalar(select(func.count()).select_from(Organisation))
    db.session.rollback()
    return count


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_reading_that_writes_is_refused_by_the_database_itself(site, method):
    with pytest.raises(InternalError) as refused:
        getattr(site.test_client(), method)("/essai/ecrit")
    assert isinstance(refused.value.orig, ReadOnlySqlTransaction)
    assert organisations() == 0


def test_what_is_sent_may_write(site):
    assert site.test_client().post("/essai/ecrit").text == "written"
    assert organisations() == 1


def test_nobody_acts_in_the_request_that_follows_somebody_s(site, cast):
    """Both in one thread, as a server's: what the first left behind would name its author."""
    claire, stranger = site.test_client(), site.test_client()
    sign_in(claire, cast.claire)
    known = [str(cast.claire.person_id), str(cast.structure.id), "page"]
    db.session.commit()
    assert claire.post("/essai/dit").json["told"] == [*known, "off"]
    assert stranger.post("/essai/dit").json["told"] == ["", "", "page", "off"]
    assert claire.get("/essai/dit").json["told"] == [*known, "on"]
    assert stranger.get("/essai/dit").json["told"] == ["", "", "page", "on"]
    assert "person_id=None" in stranger.get("/essai/dit").json["acting"]


def test_each_transaction_is_told_its_own_author(app):
    sessions.set_actor(Actor("page", 7, 3, read_only=True))
    assert told() == ("7", "3", "page", "on")
    db.session.rollback()
    sessions.set_actor(Actor("job"))
    assert told() == ("", "", "job", "off")


def test_an_author_known_late_is_told_to_the_transaction_under_way(app):
    assert told()[0] == ""
    sessions.take_over(Actor("page", 7, 3))
    assert told() == ("7", "3", "page", "off")


def test_a_reading_stays_one_whoever_takes_it_over(app):
    sessions.set_actor(Actor("page", read_only=True))
    told()
    sessions.take_over(Actor("page", 7, read_only=True))
    with pytest.raises(InternalError):
        a.an_organisation("Écrite")


def test_a_block_s_author_leaves_with_it_even_when_it_fails(app):
    before = sessions.acting()
    with pytest.raises(ZeroDivisionError), sessions.acting_as(Actor("job")):
        raise ZeroDivisionError
    assert sessions.acting() == before


def test_a_reading_leaves_its_trail_beside_and_nothing_else(cast):
    sessions.set_actor(Actor("page", cast.claire.person_id, cast.structure.id, read_only=True))
    told()
    with sessions.beside() as connection:
        assert connection.execute(TOLD).one() == (str(cast.claire.person_id), str(cast.structure.id), "page", "off")
        connection.execute(text("INSERT INTO tick (job, period, at) VALUES ('essai', '1', '2026-03-12')"))
    db.session.rollback()
    assert db.session.scalar(text("SELECT count(*) FROM tick")) == 1


def test_the_author_is_forgotten_by_the_connection_that_goes_back_to_the_pool(app):
    sessions.set_actor(Actor("page", 7, 3, read_only=True))
    told()
    db.session.rollback()
    with db.engine.connect() as connection:
        assert connection.execute(TOLD).one() == ("", "", "", "off")
