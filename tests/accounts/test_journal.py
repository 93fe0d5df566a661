"""The journal: its author comes from the transaction, and nothing in it changes."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tracker.accounts import actions, queries
from tracker.plumbing import sessions
from tracker.plumbing.database import db


def test_an_entry_without_an_author_is_refused(cast):
    sessions.take_over(sessions.NOBODY)
    actions.write_journal("clause_registered", "clause", cast.clause.id)
    with pytest.raises(IntegrityError):
        db.session.commit()


def test_a_page_s_entry_needs_a_person(cast):
    sessions.take_over(sessions.Actor("page"))
    actions.write_journal("clause_registered", "clause", cast.clause.id)
    with pytest.raises(IntegrityError, match="has_an_author"):
        db.session.commit()


def test_the_author_is_the_one_the_transaction_names(cast):
    sessions.take_over(sessions.Actor("page", cast.claire.person_id, cast.structure.id))
    actions.write_journal("clause_registered", "clause", cast.clause.id)
    db.session.commit()
    (entry,) = queries.journal_of(("clause", cast.clause.id))
    assert (entry.person.name, entry.organisation_id, entry.way_in) == ("Claire Morvan", cast.structure.id, "page")


CHANGES = ("UPDATE journal_entry SET verb = ''", "DELETE FROM journal_entry", "TRUNCATE journal_entry")


@pytest.mark.parametrize("change", CHANGES)
def test_the_journal_never_changes(cast, change):
    with pytest.raises(DBAPIError):
        db.session.execute(text(change))
