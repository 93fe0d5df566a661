"""`flask summaries`: are the years kept summed exact, and how to make them again."""

import click
from flask.cli import AppGroup

from tracker.accounts.rules import WayIn
from tracker.hours.actions.summaries import rebuild_summaries
from tracker.hours.queries.summaries import Difference, differences
from tracker.plumbing import sessions
from tracker.plumbing.database import db
from tracker.plumbing.sessions import Actor
from tracker.vocabulary.words import plural

KEY = ("year", "placement_id", "pledge_id", "decision_id")
summaries = AppGroup("summaries", help="Les années gardées sommées, par mise à l’emploi.")


@summaries.command("check")
def check() -> None:
    """Compare chaque ligne gardée à un recomptage complet ; code de sortie 1 si une seule diffère."""
    count = 0
    for count, one in enumerate(differences(), start=1):  # noqa: B007 - counted on the way
        click.echo(_in_words(one))
    click.echo(plural(count, "différence") if count else "aucune différence")
    raise SystemExit(1 if count else 0)


def _in_words(one: Difference) -> str:
    key = ", ".join(f"{name} {one.row[name]}" for name in KEY)
    said = ", ".join(f"{name} {value}" for name, value in one.row.items() if name not in KEY)
    return f"{'gardé   ' if one.is_kept else 'recompté'}  {key} : {said}"


@summaries.command("rebuild")
def rebuild() -> None:
    """Recompte toutes les années ; les lectures continuent, les écritures d’heures attendent la fin."""
    with sessions.acting_as(Actor(WayIn.COMMAND)):
        written = rebuild_summaries()
        db.session.commit()
    click.echo(plural(written, "ligne écrite", "lignes écrites"))
