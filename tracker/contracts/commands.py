"""`flask contracts`: published files taken in from a terminal."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup

from tracker.accounts.rules import WayIn
from tracker.contracts.actions.imports import ImportCounts, ImportReport, import_in_batches, record_import
from tracker.contracts.exchange.drafts import Reject
from tracker.plumbing import clock, sessions
from tracker.plumbing.database import db
from tracker.plumbing.sessions import Actor
from tracker.plumbing.sheets import CsvFile
from tracker.vocabulary.identifiers import is_siret, tidy_identifier

REPORT_COLUMNS = ("file", "rank", "path", "path_in_record", "reason", "published")
OnReject = Callable[[Path, Reject], None]
contracts = AppGroup("contracts", help="Published contracts.")


class Siret(click.ParamType):
    """A SIRET, with or without spaces."""

    name = "SIRET"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Its 14 digits; an error of usage when it is none."""
        digits = tidy_identifier(value)
        return digits if is_siret(digits) else self.fail(f"{value!r} is not a SIRET.", param, ctx)


@contracts.command("import-decp")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option("--buyer", type=Siret(), help="Take this buyer's contracts alone (same SIREN); others are rejected.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Write each reject in this CSV file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, and nothing else.")
def import_decp(files: tuple[Path, ...], buyer: str | None, report: Path | None, as_json: bool) -> None:
    """Take in published contracts (DECP, JSON, editions 1.3 to 2.0.3).

    Always created + updated + unchanged + rejected = read: a record of another buyer, with --buyer, is a reject. A
    file may be imported again: nothing changes. Exit status 1 when a file cannot be read at all; the others are taken.
    """
    total, unreadable = ImportCounts(), False
    with sessions.acting_as(Actor(WayIn.IMPORT)), _report_to(report) as write:
        for path in files:
            try:
                found = _import(path, buyer, write)
            except OSError as error:
                click.echo(f"{path}: {error.strerror or error}", err=True)
                unreadable = True
                continue
            unreadable = unreadable or found.is_unreadable
            total.add(found.counts)
            click.echo(_in_words(path, found), err=as_json or found.is_unreadable)
    if as_json:
        click.echo(json.dumps(asdict(total)))
    sys.exit(1 if unreadable else 0)


def _import(path: Path, buyer: str | None, write: OnReject) -> ImportReport:
    """One file, committed batch by batch: what came before a cut stays, and the same command takes the rest."""
    report = ImportReport(on_reject=lambda reject: write(path, reject))
    with path.open("rb") as stream:
        for _ in import_in_batches(stream, report, clock.now(), buyer):
            db.session.commit()
    record_import(report, path.name, None, clock.now())
    db.session.commit()
    return report


@contextmanager
def _report_to(path: Path | None) -> Iterator[OnReject]:
    """Where each reject is written as it comes; nowhere without a file."""
    if path is None:
        yield lambda _source, _reject: None
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        table = CsvFile(file, REPORT_COLUMNS)
        yield lambda source, reject: table.write(
            [str(source), reject.rank, reject.path, reject.path_in_record, reject.reason, reject.raw]
        )


def _in_words(path: Path, found: ImportReport) -> str:
    counts = found.counts
    words = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in asdict(counts).items())
    why = f" ({found.rejects[0].reason})" if found.is_unreadable else ""
    return f"{path}: {words}{why}"
