"""A message is written with what decides it, under a name of its own."""

import pytest
from sqlalchemy.exc import IntegrityError

from tracker.plumbing import outbox
from tracker.plumbing.database import db


def post(**changes):
    return outbox.post(**{"recipient": "sophie@guerin.example", "subject": "Accès", "body": "Bonjour", **changes})


def test_each_message_has_a_name_of_its_own_under_our_domain(app):
    names = {post().message_id for _ in range(20)}
    assert len(names) == 20
    assert all(name.endswith("@departement.example>") for name in names)


@pytest.mark.parametrize("recipient", ["", "sophie", "@guerin.example", "sophie@"])
def test_the_database_refuses_what_is_no_address(app, recipient):
    with pytest.raises(IntegrityError, match="recipient_is_an_address"):
        post(recipient=recipient)


def test_a_message_says_what_it_is_about(app):
    message = post(about=("declaration", 12))
    db.session.commit()
    assert (message.about_kind, message.about_id) == ("declaration", 12)
