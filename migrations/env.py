"""Alembic's environment: migrates with the role that owns the tables."""

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, make_url, pool

from tracker.app import with_driver
from tracker.plumbing.database import Base
from tracker.plumbing.grants import grant_application

# Tables of the queue belong to Procrastinate: its own schema makes them, in its own revision.
QUEUE = "procrastinate_"


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether autogenerate should look at this table."""
    return not (kind == "table" and name and name.startswith(QUEUE))


def run() -> None:
    """Runs the revisions, each in its own transaction."""
    settings = current_app.config
    owner = with_driver(settings["DATABASE_OWNER_URL"] or settings["DATABASE_URL"])
    engine = create_engine(owner, poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_name=is_ours,
            transaction_per_migration=True,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    with engine.begin() as connection:
        grant_application(connection, make_url(with_driver(settings["DATABASE_URL"])).username or "")
    engine.dispose()


run()
