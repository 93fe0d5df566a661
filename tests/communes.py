"""The list of communes in the test database: loaded once a run, and kept between tests."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from tracker.plumbing import sessions
from tracker.plumbing.database import db
from tracker.reference import actions
from tracker.reference.models import Commune


@pytest.fixture(scope="session")
def communes(whole_app) -> int:
    """How many were loaded."""
    return _load(whole_app)


@pytest.fixture
def no_communes(whole_app, communes) -> Iterator[None]:
    """A site that has not loaded the list."""
    with whole_app.app_context(), sessions.acting_as(sessions.Actor("command")):
        db.session.execute(delete(Commune))
        db.session.commit()
    yield
    _load(whole_app)


def _load(whole_app) -> int:
    with whole_app.app_context(), sessions.acting_as(sessions.Actor("command")):
        count = actions.load_communes()
        db.session.commit()
    return count
