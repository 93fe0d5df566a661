"""`flask doctor`: is everything in place? Line by line, with what to do."""

import ctypes.util
import os
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tracker.plumbing import delivery, queue
from tracker.plumbing.database import db

OLDEST_POSTGRESQL = 15
FONTS = ("400", "600", "700")


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
    """Every line, in order; a check that breaks is itself a finding."""
    for check in CHECKS:
        try:
            yield check()
        except (OSError, SQLAlchemyError, smtplib.SMTPException) as error:
            yield Finding(check.__doc__ or check.__name__, str(error).splitlines()[0], "Lisez le message ci-contre.")


def _database() -> Finding:
    """base de données"""
    version = int(db.session.execute(text("SHOW server_version_num")).scalar_one()) // 10_000
    remedy = f"Installez PostgreSQL {OLDEST_POSTGRESQL} ou plus récent." if version < OLDEST_POSTGRESQL else ""
    return Finding("base de données", f"PostgreSQL {version}", remedy)


def _migrations() -> Finding:
    """migrations"""
    head = ScriptDirectory(str(current_app.extensions["migrate"].directory)).get_current_head()
    here = MigrationContext.configure(db.session.connection()).get_current_revision()
    remedy = "" if here == head else "Lancez « flask db upgrade »."
    return Finding("migrations", f"base en {here or 'rien'}, code en {head}", remedy)


def _guard() -> Finding:
    """journal"""
    owner = db.session.execute(
        text("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'journal_entry'")
    ).scalar()
    if owner is None:
        return Finding("journal", "table absente", "Lancez « flask db upgrade ».")
    if owner and current_app.config["TRACKER_MODE"] == "production":
        remedy = (
            "Donnez à DATABASE_OWNER_URL un compte propriétaire, et à DATABASE_URL un compte sans droit de création."
        )
        return Finding("journal", "le compte de l’application possède les tables", remedy)
    return Finding("journal", "ajouts seuls, protégé par la base")


def _communes() -> Finding:
    """communes"""
    count = db.session.execute(text("SELECT count(*) FROM commune")).scalar_one()
    return Finding("communes", f"{count} communes", "" if count else "Lancez « flask reference load ».")


def _fonts() -> Finding:
    """polices"""
    folder = os.path.join(str(current_app.static_folder), "fonts")
    names = os.listdir(folder)
    missing = [weight for weight in FONTS if not any(f"-{weight}-" in name for name in names)]
    return Finding(
        "polices", "Source Sans 3", f"Il manque dans static/fonts : {', '.join(missing)}." if missing else ""
    )


def _pango() -> Finding:
    """mise en page des PDF"""
    missing = [name for name in ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset") if not ctypes.util.find_library(name)]
    remedy = "Installez libpango-1.0-0, libpangoft2-1.0-0 et libharfbuzz-subset0." if missing else ""
    return Finding("mise en page des PDF", f"absents : {', '.join(missing)}" if missing else "Pango, HarfBuzz", remedy)


def _mail() -> Finding:
    """courriel"""
    address = current_app.config["MAIL_URL"]
    if address:
        with delivery.connect(address) as server:
            server.noop()
        return Finding("courriel", "le serveur répond")
    if current_app.config["TRACKER_MODE"] == "demo":
        return Finding("courriel", "démonstration : les messages se lisent sur la page « Messages envoyés »")
    return Finding("courriel", "aucun serveur", "Renseignez MAIL_URL, par exemple smtp://compte:secret@serveur:587.")


def _worker() -> Finding:
    """travaux de fond"""
    alive = db.session.execute(
        text("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - :age"),
        {"age": queue.DEAD_AFTER},
    ).scalar_one()
    return Finding(
        "travaux de fond", f"{alive} en marche", "" if alive else "Lancez « flask worker » (ou « make demo »)."
    )


def _instance() -> Finding:
    """dossier des fichiers"""
    folder = current_app.config["INSTANCE_PATH"]
    is_open = os.access(folder, os.W_OK)
    return Finding("dossier des fichiers", str(folder), "" if is_open else "Donnez le droit d’écrire dans ce dossier.")


CHECKS: tuple[Callable[[], Finding], ...] = (
    _database,
    _migrations,
    _guard,
    _communes,
    _fonts,
    _pango,
    _mail,
    _worker,
    _instance,
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
