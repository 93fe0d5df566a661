"""A link's secret is for whoever received it: with it, one enters as somebody else."""

import pytest

from tracker.plumbing import outbox
from tracker.plumbing.database import db


@pytest.mark.parametrize(("mode", "is_whole"), [("test", False), ("production", False), ("demo", True)])
def test_an_administrator_reads_no_other_s_link_outside_the_demonstration(world, app, monkeypatch, mode, is_whole):
    outbox.post("sophie@exemple.test", "Accès", "Ouvrez http://clauses.test/lien/zasecret-1_b pour entrer.")
    db.session.commit()
    monkeypatch.setitem(app.config, "TRACKER_MODE", mode)
    page = world.visitor("administrator").get("/messages-envoyes")
    assert page.status_code == 200
    assert "pour entrer" in page.text
    assert ("zasecret" in page.text) == is_whole


def test_a_link_ends_with_its_membership(world, app):
    secret = world.subjects["fresh-link"]["secret"]
    world.cast.sophie.ended_on = world.personas["ended"].ended_on
    db.session.commit()
    visitor = world.visitor("nobody")
    assert visitor.get(f"/lien/{secret}").status_code == 404
    assert visitor.send(f"/lien/{secret}").status_code == 404


def test_a_session_ends_with_its_membership_at_once(world):
    sophie = world.visitor("link")
    assert sophie.get("/").status_code == 200
    world.cast.sophie.ended_on = world.personas["ended"].ended_on
    db.session.commit()
    assert sophie.get("/").status_code == 401


def test_a_session_that_names_another_s_membership_acts_for_nobody(world):
    """Were a cookie ever mixed up: the key of one person opens no membership of another."""
    sophie = world.visitor("sophie").carrying({"membership_id": world.cast.claire.id})
    assert sophie.get("/").status_code == 401


def test_a_session_that_names_another_organisation_sees_none_of_it(world):
    """The cookie's organisation names the author of what is written; what is read follows the membership."""
    rival = world.visitor("rival").carrying({"organisation_id": world.cast.guerin.id})
    assert rival.get(f"/clauses/{world.cast.clause.id}").status_code == 404
