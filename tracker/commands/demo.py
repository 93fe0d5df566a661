"""`flask demo`: the demonstration Département, its sign-ins, its server."""

import json
import socket
import sys
from collections.abc import Callable
from datetime import date

import click
from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy import func, inspect, select

from tracker.accounts.models import Membership, Organisation
from tracker.certificates.actions import Office
from tracker.certificates.models import Certificate
from tracker.commands import world
from tracker.commands.world import ACCOUNTS, PASSWORD
from tracker.placements.exchange import Letterhead
from tracker.plumbing import clock, metrics, sessions, supervisor
from tracker.plumbing.database import db
from tracker.plumbing.sessions import Actor
from tracker.plumbing.supervisor import Command

THREADS = 4
WORKERS = 2


AS_OF = click.option("--as-of", default="", metavar="AAAA-MM-JJ", help="Stand on this day.")


def register(app: Flask) -> None:
    """Adds `flask demo`, `flask demo load` and `flask demo serve`."""

    @app.cli.group("demo", invoke_without_command=True)
    @click.option("--json", "as_json", is_flag=True, help="One JSON object and nothing else.")
    @click.pass_context
    def demo(context: click.Context, as_json: bool) -> None:
        """The demonstration: its sign-ins and a certificate to verify."""
        if context.invoked_subcommand is None:
            if not inspect(db.engine).has_table(Membership.__tablename__):
                raise click.ClickException("La démonstration n’est pas chargée\u00a0: lancez «\u00a0make demo\u00a0».")
            shown = summary()
            click.echo(json.dumps(shown, ensure_ascii=False) if as_json else in_words(shown))

    @demo.command("load")
    @AS_OF
    def load_demo(as_of: str) -> None:
        """Migrate the database and load the demonstration into it when it is empty."""
        stand_on(as_of)
        prepare(click.echo)

    @demo.command("serve")
    @AS_OF
    def serve_demo(as_of: str) -> None:
        """Load what is missing, then run the web server and one worker until Ctrl-C."""
        stand_on(as_of)
        refuse_a_taken_port()
        prepare(click.echo)
        click.echo(in_words(summary()))
        db.session.remove()
        db.engine.dispose()
        server = current_app.extensions.get("embedded")
        status = supervisor.run(processes(), **({"needs": server.listens} if server else {}))
        if server:
            server.stop()
        sys.exit(status)


def stand_on(as_of: str) -> None:
    """Keeps the demonstration on one day, for stable pictures; "" follows the calendar."""
    if as_of:
        current_app.config["AS_OF"] = as_of
        clock.stand_on(date.fromisoformat(as_of))


def refuse_a_taken_port() -> None:
    """Says in one line that another program holds the port, before anything is loaded."""
    port = current_app.config["PORT"]
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise click.ClickException(
                f"Le port {port} est pris. Choisissez-en un autre, par exemple PORT=8001."
            ) from None


def prepare(say: Callable[[str], object]) -> None:
    """Brings the database to the code's state, and loads the demonstration into an empty one."""
    upgrade()
    if db.session.scalar(select(func.count()).select_from(Organisation)):
        return
    as_of = current_app.config["AS_OF"]
    say("Chargement de la démonstration…")
    with sessions.acting_as(Actor("command")):
        world.load(letterhead(), office(), date.fromisoformat(as_of) if as_of else None)


def letterhead() -> Letterhead:
    """Under whose name the story's messages leave."""
    settings = current_app.config
    return Letterhead(settings["SERVICE_NAME"], settings["DEPARTMENT_NAME"], settings["BASE_URL"])


def office() -> Office:
    """Under whose name the story's certificate is issued."""
    settings = current_app.config
    return Office(settings["DEPARTMENT_NAME"], settings["SECRET_KEY"].encode())


def processes() -> list[Command]:
    """The web server and the worker, over the database we hold."""
    settings = current_app.config
    env = {
        "TRACKER_MODE": settings["TRACKER_MODE"] if settings["TRACKER_MODE"] != "production" else "demo",
        "DATABASE_URL": settings["DATABASE_URL"],
        "DATABASE_OWNER_URL": settings["DATABASE_OWNER_URL"],
        "SECRET_KEY": settings["SECRET_KEY"],
        "AS_OF": settings["AS_OF"],
        "INSTANCE_PATH": str(settings["INSTANCE_PATH"]),
        "LOG_PATH": settings["LOG_PATH"] or str(settings["INSTANCE_PATH"] / "tracker.log"),
        **metrics.start_anew(settings["INSTANCE_PATH"] / "metrics"),
    }
    web = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{settings['PORT']}"]
    web += ["--workers", str(WORKERS), "--threads", str(THREADS), "--worker-class", "gthread"]
    # Its control socket would stand in the account's home, one for all the sites that it runs.
    web += ["--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket"]
    # Loaded once, then forked: a worker that was killed is back at once.
    web += ["--preload"]
    return [Command("web", web, env), Command("worker", [sys.executable, "-m", "flask", "worker"], env)]


def summary() -> dict[str, object]:
    """`{"accounts": {role: {"email", "password"}}, "certificate": CODE}`; the code is None without a certificate."""
    present = set(db.session.scalars(select(Membership.role).distinct()))
    accounts = {
        role.value: {"email": email, "password": PASSWORD} for role, email in ACCOUNTS.items() if role in present
    }
    code = db.session.scalar(select(Certificate.code).order_by(Certificate.id.desc()).limit(1))
    return {"accounts": accounts, "certificate": code}


def in_words(shown: dict[str, object]) -> str:
    """The same, for a person."""
    base = current_app.config["BASE_URL"]
    accounts = shown["accounts"]
    lines = [f"{current_app.config['SERVICE_NAME']} : {base}", ""]
    lines += [f"  {role:14} {one['email']:36} {one['password']}" for role, one in accounts.items()]  # type: ignore[attr-defined]  # a mapping, see summary
    if shown["certificate"]:
        lines += ["", f"  attestation à vérifier : {base}/verifier/{shown['certificate']}"]
    return "\n".join([*lines, "", "Ctrl-C arrête tout."])
