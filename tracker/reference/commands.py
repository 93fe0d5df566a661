"""`flask reference load`: the lists that the program needs, as often as one likes."""

import click
from flask.cli import AppGroup

from tracker.plumbing.database import db
from tracker.reference import actions
from tracker.vocabulary.words import plural

reference = AppGroup("reference", help="Listes publiques : communes.")


@reference.command("load")
def load() -> None:
    """Charge les communes ; recommencer ne change rien."""
    count = actions.load_communes()
    db.session.commit()
    click.echo(plural(count, "commune"))
