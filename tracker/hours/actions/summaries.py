"""The kept summaries made again from the lines and the ledger."""

from sqlalchemy import func, select

from tracker.plumbing.database import db


def rebuild_summaries() -> int:
    """Writes every year's rows again; how many. Who writes hours meanwhile waits for the end, who reads does not."""
    return db.session.scalars(select(func.rebuild_year_summary())).one()
