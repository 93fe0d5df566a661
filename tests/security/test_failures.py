"""When the program itself fails: a page of the house, a line that says where, and never what somebody typed."""

import pytest
from sqlalchemy import select

from tests.security.reading import logged
from tracker.accounts.models import Organisation, Person
from tracker.plumbing.database import db

TYPED = "zasecret"


def breaks_on_a_constraint(**_):
    """PostgreSQL refuses, and names the value; SQLAlchemy names every one of the statement."""
    db.session.add(Organisation(kind="company", identifier=TYPED, siret=TYPED, name=TYPED, sort_key=TYPED))
    db.session.flush()


def breaks_in_python(**_):
    """What Python says of a wrong value is that value."""
    return int(TYPED)


def breaks_twice(**_):
    """The second failure carries the first."""
    try:
        breaks_in_python()
    except ValueError as error:
        raise LookupError(TYPED) from error


FAILURES = ((breaks_on_a_constraint, "IntegrityError"), (breaks_in_python, "ValueError"), (breaks_twice, "LookupError"))


@pytest.mark.parametrize(("view", "kind"), FAILURES)
def test_a_failure_says_where_and_nothing_of_what_was_typed(world, app, monkeypatch, caplog, capfd, view, kind):
    monkeypatch.setitem(app.view_functions, "accounts.renew_link", view)
    with logged() as lines:
        answer = world.visitor("nobody").send(f"/lien/{TYPED}/nouveau")
    assert answer.status_code == 500
    assert TYPED not in answer.text
    assert "Traceback" not in answer.text
    said = "\n".join(lines)
    assert kind.lower() in said
    assert view.__name__ in said
    heard = f"{said}\n{caplog.text}\n{''.join(capfd.readouterr())}".lower()
    assert TYPED not in heard


def test_what_failed_is_not_written_at_all(world, app, monkeypatch):
    def view(**_):
        db.session.add(world_person())
        db.session.flush()
        raise RuntimeError

    monkeypatch.setitem(app.view_functions, "accounts.renew_link", view)
    assert world.visitor("claire").send("/lien/any/nouveau").status_code == 500
    assert db.session.scalar(select(Person).where(Person.email == "half@exemple.test")) is None


def world_person() -> Person:
    """Somebody whom a failure must not leave behind."""
    moment = db.session.scalar(select(db.func.now()))
    return Person(email="half@exemple.test", given_name="A", family_name="B", fs_uniquifier="half", created_at=moment)
