"""The queue: a job is written in the transaction that decides it, and vanishes with a rollback.

Jobs are deferred by name on our own connection, so that web processes need no second pool; a worker runs them with
Procrastinate, which keeps them in PostgreSQL.
"""

from datetime import datetime, timedelta
from typing import Any

from procrastinate import App, PsycopgConnector
from sqlalchemy import bindparam, make_url, text
from sqlalchemy.dialects.postgresql import JSONB

from tracker.plumbing.database import db

QUEUE = "default"
_DEFER = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :task, 0, NULL, NULL, :arguments, NULL)"
    "::procrastinate_job_to_defer_v1])"
).bindparams(bindparam("arguments", type_=JSONB))
# Two workers may look at once: each takes what the other has not locked.
_TAKE_BACK = text("""
    WITH stalled AS (
        SELECT job.id FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
        WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < :limit)
        FOR UPDATE OF job SKIP LOCKED
    )
    SELECT procrastinate_retry_job_v2(id, :now, NULL, NULL, NULL) FROM stalled
""")
_BY_STATUS = text("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status")
# A job that succeeded is deleted; what is left waits, is under way, or was given up.
STATUSES = ("todo", "doing", "failed")
_ALIVE = text("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat >= :limit")


def defer(task: str, **arguments: Any) -> None:
    """Queues a job by name inside the present transaction."""
    db.session.execute(_DEFER, {"queue": QUEUE, "task": task, "arguments": arguments})


def take_back_stalled(now: datetime, dead_after: timedelta) -> int:
    """Queues again what dead workers left under way, inside the present transaction; how many jobs."""
    return len(db.session.execute(_TAKE_BACK, {"now": now, "limit": now - dead_after}).all())


def workers_alive(now: datetime, dead_after: timedelta) -> int:
    """How many workers showed themselves lately."""
    return db.session.execute(_ALIVE, {"limit": now - dead_after}).scalar_one()


def jobs_by_status() -> dict[str, int]:
    """How many jobs wait, are under way, and were given up; 0 for none."""
    found = {status: count for status, count in db.session.execute(_BY_STATUS)}  # noqa: C416 - dict() takes no rows
    return {status: found.get(status, 0) for status in STATUSES}


def procrastinate_app(database_url: str) -> App:
    """Procrastinate's own application over our database, for a worker."""
    url = make_url(database_url).set(drivername="postgresql")
    return App(connector=PsycopgConnector(conninfo=url.render_as_string(hide_password=False)))
