"""`flask doctor`: is everything in place? Line by line, with what to do."""

import ctypes.util
import os

import click
from flask import Flask, current_app
from sqlalchemy import text

from tracker.plumbing import delivery
from tracker.plumbing.database import db
from tracker.plumbing.health import DATABASE, MESSAGES, MIGRATE, MIGRATIONS, WORKER, Check, findings
from tracker.vocabulary.words import plural

FONTS = ("400", "600", "700")
LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")

_IS_OWNER = text("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'journal_entry'")
_MAY_DEFINE = text("SELECT has_schema_privilege('public', 'CREATE')")


def _journal() -> tuple[str, str]:
    is_owner = db.session.execute(_IS_OWNER).scalar()
    if is_owner is None:
        return "table absente", MIGRATE
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


def _instance() -> tuple[str, str]:
    folder = current_app.config["INSTANCE_PATH"]
    return str(folder), "" if os.access(folder, os.W_OK) else "Donnez le droit d’écrire dans ce dossier."


CHECKS = (
    DATABASE,
    MIGRATIONS,
    Check("journal", _journal, MIGRATE),
    Check("communes", _communes, MIGRATE),
    Check("polices", _fonts, "Remettez le dossier static/fonts du projet."),
    Check("mise en page des PDF", _pango, "Installez libpango-1.0-0, libpangoft2-1.0-0 et libharfbuzz-subset0."),
    Check("courriel", _mail, "Vérifiez MAIL_URL, et que ce serveur répond."),
    MESSAGES,
    WORKER,
    Check("dossier des fichiers", _instance, "Vérifiez INSTANCE_PATH."),
)


def register(app: Flask) -> None:
    """Adds `flask doctor`."""

    @app.cli.command("doctor")
    def doctor() -> None:
        """Check the installation, line by line; exit status 1 when something is wrong."""
        found = list(findings(CHECKS))
        for finding in found:
            click.echo(f"{'bien  ' if finding.is_well else 'à voir'}  {finding.subject} : {finding.found}")
            if finding.remedy:
                click.echo(f"        → {finding.remedy}")
        raise SystemExit(0 if all(finding.is_well for finding in found) else 1)
