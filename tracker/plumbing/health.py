"""Is what the program stands on in place? The looks that the doctor, the probes and the metrics share.

A look answers what it found and, when something is wrong, what to do; one that breaks is itself a finding.
"""

import smtplib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import structlog
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tracker.plumbing import clock, outbox, queue
from tracker.plumbing.database import db
from tracker.vocabulary.words import plural

OLDEST_POSTGRESQL = 15
# What may break while looking: a file, a setting that cannot be read, the database, a mail server.
BREAKS = (OSError, ValueError, SQLAlchemyError, smtplib.SMTPException)
log = structlog.get_logger("health")


@dataclass(frozen=True)
class Finding:
    """What was looked at, what was found, and what to do when it is wrong."""

    subject: str
    found: str
    remedy: str = ""

    @property
    def is_well(self) -> bool:
        return not self.remedy


@dataclass(frozen=True)
class Check:
    """One thing to look at; `remedy` is what to do when the look itself breaks."""

    subject: str
    look: Callable[[], tuple[str, str]]
    remedy: str


def findings(checks: Iterable[Check]) -> Iterator[Finding]:
    """One finding a check, in order; a check that breaks does not stop the others."""
    for check in checks:
        try:
            yield Finding(check.subject, *check.look())
        except BREAKS as error:
            db.session.rollback()
            yield Finding(check.subject, _first_line(error), check.remedy)


def _first_line(error: Exception) -> str:
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__


def _database() -> tuple[str, str]:
    version = int(db.session.execute(text("SHOW server_version_num")).scalar_one()) // 10_000
    remedy = f"Installez PostgreSQL {OLDEST_POSTGRESQL} ou plus récent." if version < OLDEST_POSTGRESQL else ""
    return f"PostgreSQL {version}", remedy


def _migrations() -> tuple[str, str]:
    head = ScriptDirectory(str(current_app.extensions["migrate"].directory)).get_current_head()
    here = MigrationContext.configure(db.session.connection()).get_current_revision()
    return f"base en {here or 'rien'}, code en {head}", "" if here == head else MIGRATE


def _messages() -> tuple[str, str]:
    counts = outbox.counts()
    remedy = "Corrigez la cause, puis lancez « flask messages retry »." if counts["given_up"] else ""
    return f"{plural(counts['given_up'], 'abandonné')}, {counts['waiting']} en attente", remedy


def _worker() -> tuple[str, str]:
    alive = workers_alive()
    return f"{alive} en marche", "" if alive else "Lancez « flask worker » (ou « make demo »)."


def workers_alive() -> int:
    """How many workers showed themselves lately, on the machines' own time."""
    # The queue writes its signs of life at the machine's time, whatever day the demonstration stands on.
    dead_after = timedelta(seconds=current_app.config["WORKER_DEAD_AFTER"])
    return queue.workers_alive(clock.machine_now(), dead_after)


MIGRATE = "Lancez « flask db upgrade »."
DATABASE = Check("base de données", _database, "Vérifiez DATABASE_URL, et que PostgreSQL répond.")
MIGRATIONS = Check("migrations", _migrations, MIGRATE)
MESSAGES = Check("messages", _messages, MIGRATE)
WORKER = Check("travaux de fond", _worker, MIGRATE)

# What a process looks at before it is given visitors, and whether it can serve them without it. Without a worker,
# messages wait and pages still answer: taking the web servers away would make one fault into two.
READINESS: dict[str, tuple[Check, bool]] = {
    "database": (DATABASE, True),
    "migrations": (MIGRATIONS, True),
    "worker": (WORKER, False),
}


@dataclass(frozen=True)
class Item:
    """One line of readiness; no more than this is public: what was found goes to the log."""

    ok: bool
    needed: bool


def readiness() -> dict[str, Item]:
    """Each thing looked at, by name."""
    found = zip(READINESS.items(), findings(check for check, _ in READINESS.values()), strict=True)
    return {name: _item(name, needed, finding) for (name, (_, needed)), finding in found}


def _item(name: str, needed: bool, finding: Finding) -> Item:
    if not finding.is_well:
        log.warning("not well", item=name, found=finding.found)
    return Item(finding.is_well, needed)
