"""What the worker does by the calendar."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tracker.accounts.models import Attempt
from tracker.commands.work import KEEP_ATTEMPTS, KEEP_FORMS, forget_what_serves_no_more
from tracker.plumbing import clock
from tracker.plumbing.database import db
from tracker.plumbing.once import Submission

NOW = datetime(2026, 4, 8, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("row", "life"),
    [
        (lambda at: Submission(key="k", location="/", at=at), KEEP_FORMS),
        (lambda at: Attempt(kind="sign-in", key="k", window_at=at, count=3), KEEP_ATTEMPTS),
    ],
)
def test_what_serves_no_more_is_forgotten_and_not_a_second_before(app, monkeypatch, row, life):
    monkeypatch.setattr(clock, "machine_now", lambda: NOW)
    for age, left in ((life, 1), (life + SECOND, 0)):
        kept = row(NOW - age)
        db.session.add(kept)
        db.session.flush()
        forget_what_serves_no_more()
        assert db.session.scalar(select(func.count()).select_from(type(kept))) == left
        db.session.rollback()
