"""The factory: the one file that knows every room."""

import os
import secrets
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, session, url_for
from flask_migrate import Migrate
from flask_security import Security, SQLAlchemyUserDatastore
from flask_wtf import CSRFProtect

from config import Config
from tracker.accounts import doors
from tracker.accounts import models as accounts_models
from tracker.accounts import views as accounts_views
from tracker.accounts.queries import Viewer
from tracker.accounts.rules import SESSION_LIFE, Act, verb_in_french
from tracker.certificates import models as certificates_models
from tracker.certificates import views as certificates_views
from tracker.commands import registry
from tracker.contracts import views as contracts_views
from tracker.desk import views as desk_views
from tracker.hours import models as hours_models
from tracker.hours import views as hours_views
from tracker.participants import views as participants_views
from tracker.placements import views as placements_views
from tracker.pledges import views as pledges_views
from tracker.pledges.queries import subject_name
from tracker.plumbing import clock, embedded, files, logs, once, outbox, ticks, web
from tracker.plumbing.database import db
from tracker.records import views as records_views
from tracker.reference import models as reference_models
from tracker.settings import models as settings_models
from tracker.settings import views as settings_views

ROOT = Path(__file__).parent.parent
# Every table is known once these are imported; each imports the earlier ones it points to.
MODELS = (
    accounts_models,
    reference_models,
    settings_models,
    certificates_models,
    hours_models,
    files,
    once,
    outbox,
    ticks,
)
BLUEPRINTS = (
    accounts_views.blueprint,
    settings_views.blueprint,
    contracts_views.blueprint,
    pledges_views.blueprint,
    participants_views.blueprint,
    placements_views.blueprint,
    hours_views.blueprint,
    certificates_views.blueprint,
    records_views.blueprint,
    desk_views.blueprint,
)
SIGN_IN_LIBRARIES = ("flask_login", "flask_security")
# What the masthead offers: label, endpoint, the act it needs.
NAVIGATION = (
    ("À faire", "desk.home", Act.SEE_DESK),
    ("Marchés", "contracts.list_contracts", Act.SEE_CONTRACTS),
    ("Mises à l’emploi", "placements.list_placements", Act.SEE_PLACEMENTS),
    ("Participants", "participants.list_participants", Act.SEE_PARTICIPANTS),
    ("Déclarations", "hours.list_declarations", Act.SEE_DECLARATIONS),
    ("Attestations", "certificates.list_certificates", Act.SEE_CERTIFICATES),
    ("Réglages", "settings.show_settings", Act.SEE_SETTINGS),
)


def create_app(config: type[Config] = Config, **changes: Any) -> Flask:
    """The application, its database reachable, every room registered."""
    app = Flask(
        "tracker", root_path=str(ROOT), template_folder="templates", static_folder="static", instance_path=str(ROOT)
    )
    app.config.from_object(config)
    app.config.update(changes)
    _settle(app)
    logs.set_up(app.config["TRACKER_MODE"] != "production", app.config["LOG_PATH"])
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    web.register(app)
    # Before whatever else may ask the database something: each transaction must know its author from its start.
    app.before_request(partial(doors.meet_visitor, subject_name()))
    CSRFProtect(app)
    security = Security(app, SQLAlchemyUserDatastore(db, accounts_models.Person, None), register_blueprint=False)
    # Our doors know who is here: its roles and the templates' current_user would each be one statement more a page.
    security.principal.identity_loaders.clear()
    app.template_context_processors[None][:] = [
        one for one in app.template_context_processors[None] if one.__module__.split(".")[0] not in SIGN_IN_LIBRARIES
    ]
    app.jinja_env.filters["verb"] = verb_in_french
    with app.app_context():
        web.count_statements(db.engine)
    app.context_processor(_page_context)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    registry.register(app)
    return app


def _settle(app: Flask) -> None:
    settings = app.config
    settings["INSTANCE_PATH"].mkdir(parents=True, exist_ok=True)
    if not settings["DATABASE_URL"]:
        server = app.extensions["embedded"] = embedded.ensure(settings["INSTANCE_PATH"])
        settings["DATABASE_URL"], settings["DATABASE_OWNER_URL"] = server.app_url, server.owner_url
    is_production = settings["TRACKER_MODE"] == "production"
    settings.update(
        SECRET_KEY=settings["SECRET_KEY"] or _kept_secret(settings["INSTANCE_PATH"], may_make=not is_production),
        SQLALCHEMY_DATABASE_URI=with_driver(settings["DATABASE_URL"]),
        # An error's text must hold no value: it may reach the log. A server that was restarted costs nobody a page.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True, "pool_pre_ping": True},
        SECURITY_PASSWORD_SALT="unused-with-argon2",
        SECURITY_JOIN_USER_ROLES=False,
        SESSION_COOKIE_NAME="clauses",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_production,
        PERMANENT_SESSION_LIFETIME=SESSION_LIFE,
        WTF_CSRF_TIME_LIMIT=None,
    )
    clock.stand_on(date.fromisoformat(settings["AS_OF"]) if settings["AS_OF"] else None)


def with_driver(url: str) -> str:
    """The address of the database, named for psycopg 3 whatever way the site wrote it."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return f"postgresql+psycopg://{url.removeprefix(scheme)}"
    return url


def _kept_secret(instance: Path, may_make: bool) -> str:
    path = instance / "secret-key"
    if not path.exists():
        if not may_make:
            raise SystemExit("SECRET_KEY is missing: set it in the environment (python -c 'import secrets; …').")
        with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex())
    return path.read_text()


@dataclass(frozen=True)
class Masthead:
    """What the head of each page says of the person signed in."""

    person_name: str
    organisation_name: str
    role: str
    role_label: str
    nav: list[tuple[str, str, bool]]
    can_switch: bool
    limit: str
    has_password: bool


@dataclass(frozen=True)
class Site:
    """The names under which this installation speaks."""

    service_name: str
    department_name: str
    base_url: str
    logo_url: str
    is_demo: bool


def _site() -> Site:
    settings = current_app.config
    return Site(
        settings["SERVICE_NAME"],
        settings["DEPARTMENT_NAME"],
        settings["BASE_URL"],
        url_for("desk.logo") if settings["LOGO_PATH"] else url_for("static", filename="img/logo.svg"),
        settings["TRACKER_MODE"] == "demo",
    )


def _page_context() -> dict[str, Any]:
    return {"site": _site(), "viewer": _masthead(g.get("viewer")), "today": clock.today()}


def _masthead(viewer: Viewer | None) -> Masthead | None:
    if viewer is None:
        return None
    room = (request.endpoint or "").split(".")[0]
    nav = [
        (label, url_for(endpoint), endpoint.split(".")[0] == room)
        for label, endpoint, act in NAVIGATION
        if viewer.may(act)
    ]
    return Masthead(
        viewer.person_name,
        viewer.organisation_name,
        viewer.role,
        viewer.role_label,
        nav,
        bool(session.get("can_switch")),
        limit=viewer.subject_name,
        has_password=viewer.has_password,
    )
