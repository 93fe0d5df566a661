"""`flask seed`: makes a world in an empty database; `flask seed check` looks whether a world obeys every rule."""

import json
from datetime import date
from typing import Any

import click
import psycopg
from flask import Flask, current_app
from flask_security import hash_password

from tracker.commands.seed.checking import faults_of
from tracker.commands.seed.loading import NotEmpty, Seconds, load
from tracker.commands.seed.parties import ADDRESSES
from tracker.commands.seed.sampling import faults_in
from tracker.commands.seed.scales import SCALES, Plan
from tracker.commands.seed.tables import TABLES
from tracker.commands.world import PASSWORD
from tracker.plumbing import clock, sessions
from tracker.vocabulary.words import plural

TAKEN = (
    "Cette base contient déjà des données (table « {} ») : flask seed n’écrit que dans une base vide, juste après"
    " « flask db upgrade ». Créez une autre base, ou effacez celle de la démonstration par « make clean »."
)
KNOWN = "Attention : le mot de passe de ces comptes est connu de tous. N’ajoutez aucune donnée réelle à cette base."
NO_DAY = "« {} » n’est pas un jour : écrivez-le comme 2026-03-31."
NOT_MIGRATED = "Les tables manquent : lancez d’abord « flask db upgrade »."


def register(app: Flask) -> None:
    """Adds `flask seed` and `flask seed check`."""

    @app.cli.group("seed", invoke_without_command=True)
    @click.option("--scale", type=click.Choice(list(SCALES)), default="structure", show_default=True)
    @click.option("--seed", "number", type=int, default=1, show_default=True, help="The same number, the same rows.")
    @click.option("--as-of", default="", metavar="AAAA-MM-JJ", help="The world ends with the last full year before.")
    @click.option("--json", "as_json", is_flag=True, help="One JSON object and nothing else on standard output.")
    @click.pass_context
    def seed(context: click.Context, scale: str, number: int, as_of: str, as_json: bool) -> None:
        """Fill an empty database with an invented world in the published proportions."""
        if context.invoked_subcommand is None:
            plan = plan_of(scale, number, as_of)
            shown = summary(plan, load_or_refuse(plan))
            if current_app.config["TRACKER_MODE"] == "production":
                _say(KNOWN)
            click.echo(json.dumps(shown, ensure_ascii=False) if as_json else in_words(shown))

    @seed.command("check")
    @click.option("--sample", type=int, default=200, show_default=True, help="Rows of each kind judged by the rules.")
    def check(sample: int) -> None:
        """Ask the rules over a sample, and every sum; exit status 1 when something is wrong."""
        found = list(faults())
        with sessions.acting_as(sessions.Actor("command", read_only=True)):
            found += faults_in(sample, clock.today())
        for fault in found:
            click.echo(fault)
        click.echo(plural(len(found), "défaut"))
        raise SystemExit(1 if found else 0)


def faults() -> list[str]:
    """What is wrong with the sums."""
    with psycopg.connect(owner_address()) as connection:
        # Sums over millions of rows: in memory rather than in files.
        connection.execute("SET LOCAL work_mem = '256MB'")
        return list(faults_of(connection))


def plan_of(scale: str, seed: int, as_of: str) -> Plan:
    """The plan whose last year is the full civil year before the day, today by default."""
    try:
        day = date.fromisoformat(as_of) if as_of else clock.today()
    except ValueError:
        raise click.BadParameter(NO_DAY.format(as_of)) from None
    return Plan(SCALES[scale], seed, day.year - 1)


def load_or_refuse(plan: Plan) -> Seconds:
    """Loads the plan; says in a sentence why it cannot."""
    try:
        return load(owner_address(), plan, hash_password(PASSWORD), _say)
    except NotEmpty as error:
        raise click.ClickException(TAKEN.format(error)) from None
    except psycopg.errors.UndefinedTable:
        raise click.ClickException(NOT_MIGRATED) from None


def owner_address() -> str:
    """The owner's address as psycopg reads it."""
    settings = current_app.config
    address: str = settings["DATABASE_OWNER_URL"] or settings["DATABASE_URL"]
    return address.replace("postgresql+psycopg://", "postgresql://", 1)


def _say(text: str) -> None:
    click.echo(text, err=True)


def summary(plan: Plan, seconds: Seconds) -> dict[str, Any]:
    """What was made: the plan, rows by table, seconds by phase, the sign-ins by role."""
    with psycopg.connect(owner_address()) as connection:
        counts = {table: _count(connection, table) for table in TABLES}
    return {
        "scale": plan.scale.name,
        "seed": plan.seed,
        "last_year": plan.last_year,
        "rows": counts,
        "seconds": seconds | {"whole": round(sum(seconds.values()), 2)},
        "accounts": {role.value: {"email": email, "password": PASSWORD} for role, email in ADDRESSES.items()},
    }


def _count(connection: psycopg.Connection[Any], table: str) -> int:
    statement = psycopg.sql.SQL("SELECT count(*) FROM {}").format(psycopg.sql.Identifier(table))
    return int(connection.execute(statement).fetchall()[0][0])


def in_words(shown: dict[str, Any]) -> str:
    """The same, for a person."""
    lines = [f"{shown['scale']}, graine {shown['seed']}, jusqu’à la fin de {shown['last_year']}", ""]
    lines += [f"  {table:22}{count:>10}" for table, count in shown["rows"].items()]
    lines += ["", *(f"  {role:14} {one['email']:32} {one['password']}" for role, one in shown["accounts"].items())]
    return "\n".join([*lines, "", f"{shown['seconds']['whole']} s"])
