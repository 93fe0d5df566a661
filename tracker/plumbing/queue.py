"""The queue: a job is written in the transaction that decides it, and vanishes with a rollback.

Jobs are deferred by name on our own connection, so that web processes need no second pool; a worker runs them with
Procrastinate, which keeps them in PostgreSQL.
"""

from datetime import timedelta
from typing import Any

from procrastinate import App, PsycopgConnector
from sqlalchemy import bindparam, make_url, text
from sqlalchemy.dialects.postgresql import JSONB

from tracker.plumbing.database import db

QUEUE = "default"
# A worker that has not shown itself for this long is dead: its job goes back to the queue.
DEAD_AFTER = timedelta(seconds=60)
_DEFER = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :task, 0, NULL, NULL, :arguments, NULL)"
    "::procrastinate_job_to_defer_v1])"
).bindparams(bindparam("arguments", type_=JSONB))


def defer(task: str, **arguments: Any) -> None:
    """Queues a job by name inside the present transaction."""
    db.session.execute(_DEFER, {"queue": QUEUE, "task": task, "arguments": arguments})


def procrastinate_app(database_url: str) -> App:
    """Procrastinate's own application over our database, for a worker."""
    url = make_url(database_url).set(drivername="postgresql")
    return App(connector=PsycopgConnector(conninfo=url.render_as_string(hide_password=False)))
