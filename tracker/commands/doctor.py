"""`flask doctor`: is everything in place? Line by line, with what to do."""

import ctypes.util
import os
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from tracker.plumbing import clock, delivery, queue
from tracker.plumbing.database import db
from tracker.plumbing.outbox import Message
from tracker.vocabulary.words import plural

OLDEST_POSTGRESQL = 15
FONTS = ("400", "600", "700")
LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
# What may break while looking: a file, a setting that cannot be read, the database, a mail server.
BREAKS = (OSError, ValueError, SQLAlchemyError, smtplib.SMTPException)


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: what was looked at, what was found, and what to do when it is wrong."""

    subject: str
    found: str
    remedy: str = ""

    @property
    def is_well(self) -> bool:
        return not self.remedy


def findings() -> Iterator[Finding]:
    """Every line, in order; a check that breaks is itself a finding, and the others go on."""
    for subject, check, remedy in CHECKS:
        try:
            yield Finding(subject, *check())
        except BREAKS as error:
            db.session.rollback()
            yield Finding(subject, _first_line(error), remedy)


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
    return f"base en {here or 'rien'}, code en {head}", "" if here == head else "Lancez « flask db upgrade »."


_IS_OWNER = text("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'journal_entry'")
_MAY_DEFINE = text("SELECT has_schema_privilege('public', 'CREATE')")


def _journal() -> tuple[str, str]:
    is_owner = db.session.execute(_IS_OWNER).scalar()
    if is_owner is None:
        return "table absente", "Lancez « flask db upgrade »."
    if current_app.config["TRACKER_MODE"] == "production" and (is_owner or db.session.scalar(_MAY_DEFINE)):
        found = "le compte de l’application possède les tables, ou peut en créer"
        return found, "Donnez à DATABASE_OWNER_URL un compte propriétaire, à DATABASE_URL un compte sans ce droit."
    return "ajouts seuls, protégé par la base", ""


def _communes() -> tuple[str, str]:
    count = db.session.execute(text("SELECT count(*) FROM commune")).scalar_one()
    return plural(count, "commune"), "" if count else "Lancez « flask reference load »."


def _fonts() -> tuple[str, str]:
    names = os.listdir(os.path.join(str(current_app.static_folder), "fonts"))
    missing = [weight for weight in FONTS if not any(f"-{weight}-" in name for name in names)]
    remedy = f"Il manque dans static/fonts : {', '.join(missing)}." if missing else ""
    return "Source Sans 3", remedy


def _pango() -> tuple[str, str]:
    missing = [name for name in LIBRARIES if not ctypes.util.find_library(name)]
    if missing:
        remedy = "Installez libpango-1.0-0, libpangoft2-1.0-0 et libharfbuzz-subset0."
        return f"absents : {', '.join(missing)}", remedy
    return "Pango, HarfBuzz", ""


def _mail() -> tuple[str, str]:
    address = current_app.config["MAIL_URL"]
    if address:
        with delivery.connect(address) as server:
            server.noop()
        return "le serveur répond", ""
    if current_app.config["TRACKER_MODE"] == "demo":
        return "démonstration : les messages se lisent sur la page « Messages envoyés »", ""
    return "aucun serveur", "Renseignez MAIL_URL, par exemple smtp://compte:secret@serveur:587."


def _messages() -> tuple[str, str]:
    given_up, waiting = db.session.execute(
        select(
            func.count().filter(Message.given_up_at.is_not(None)),
            func.count().filter(Message.given_up_at.is_(None), Message.sent_at.is_(None)),
        )
    ).one()
    remedy = "Corrigez la cause, puis lancez « flask messages retry »." if given_up else ""
    return f"{plural(given_up, 'abandonné')}, {waiting} en attente", remedy


def _worker() -> tuple[str, str]:
    # The queue writes its signs of life at the machine's time, whatever day the demonstration stands on.
    dead_after = timedelta(seconds=current_app.config["WORKER_DEAD_AFTER"])
    alive = queue.workers_alive(clock.machine_now(), dead_after)
    return f"{alive} en marche", "" if alive else "Lancez « flask worker » (ou « make demo »)."


def _instance() -> tuple[str, str]:
    folder = current_app.config["INSTANCE_PATH"]
    return str(folder), "" if os.access(folder, os.W_OK) else "Donnez le droit d’écrire dans ce dossier."


MIGRATE = "Lancez « flask db upgrade »."
# What is looked at, by what, and what to do when the look itself breaks.
CHECKS: tuple[tuple[str, Callable[[], tuple[str, str]], str], ...] = (
    ("base de données", _database, "Vérifiez DATABASE_URL, et que PostgreSQL répond."),
    ("migrations", _migrations, MIGRATE),
    ("journal", _journal, MIGRATE),
    ("communes", _communes, MIGRATE),
    ("polices", _fonts, "Remettez le dossier static/fonts du projet."),
    ("mise en page des PDF", _pango, "Installez libpango-1.0-0, libpangoft2-1.0-0 et libharfbuzz-subset0."),
    ("courriel", _mail, "Vérifiez MAIL_URL, et que ce serveur répond."),
    ("messages", _messages, MIGRATE),
    ("travaux de fond", _worker, MIGRATE),
    ("dossier des fichiers", _instance, "Vérifiez INSTANCE_PATH."),
)


def register(app: Flask) -> None:
    """Adds `flask doctor`."""

    @app.cli.command("doctor")
    def doctor() -> None:
        """Check the installation, line by line; exit status 1 when something is wrong."""
        found = list(findings())
        for finding in found:
            click.echo(f"{'bien  ' if finding.is_well else 'à voir'}  {finding.subject} : {finding.found}")
            if finding.remedy:
                click.echo(f"        → {finding.remedy}")
        raise SystemExit(0 if all(finding.is_well for finding in found) else 1)
