"""A file of published contracts is taken in, batch by batch, in flat memory; whoever calls commits after each step."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError

from tracker.accounts.actions import write_journal
from tracker.contracts.actions.publications import take_batch
from tracker.contracts.exchange.decp import read_decp
from tracker.contracts.exchange.drafts import EXCERPT, ContractDraft, Reject, RejectKind
from tracker.contracts.models import ContractImport
from tracker.contracts.rules.identity import Created, Match, Updated
from tracker.plumbing.database import db
from tracker.vocabulary.identifiers import SIREN_DIGITS, format_siret, is_siret
from tracker.vocabulary.objections import Objection, Refused

BATCH = 500
# A national file filtered on one buyer leaves tens of thousands of records aside: the page keeps the first ones.
KEPT_REJECTS = 2_000
# What a record may meet: a bad value, a broken constraint, a text too long for an index. The rest is our own error.
REFUSALS = (DataError, IntegrityError, OperationalError)


@dataclass(slots=True)
class ImportCounts:
    """How many records were read and what became of them: created + updated + unchanged + rejected = read.

    `repaired` and `with_social_clause` count records taken, whatever became of them.
    """

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    repaired: int = 0
    with_social_clause: int = 0

    def add(self, other: "ImportCounts") -> None:
        """Adds the counts of another file."""
        for name, count in asdict(other).items():
            setattr(self, name, getattr(self, name) + count)


@dataclass(slots=True)
class ImportReport:
    """What became of a file so far; `rejects` holds the first ones, `on_reject` is told each as it comes."""

    counts: ImportCounts = field(default_factory=ImportCounts)
    rejects: list[Reject] = field(default_factory=list)
    on_reject: Callable[[Reject], None] | None = None

    def reject(self, reject: Reject) -> None:
        """Counts a record that cannot be taken."""
        self.counts.read += 1
        self.counts.rejected += 1
        if len(self.rejects) < KEPT_REJECTS:
            self.rejects.append(reject)
        if self.on_reject:
            self.on_reject(reject)

    def take(self, draft: ContractDraft, match: Match) -> None:
        """Counts a record that was taken."""
        counts = self.counts
        counts.read += 1
        counts.created += isinstance(match, Created)
        counts.updated += isinstance(match, Updated)
        counts.unchanged += not isinstance(match, Created | Updated)
        counts.repaired += draft.is_repaired
        counts.with_social_clause += draft.has_social_clause is True

    @property
    def is_unreadable(self) -> bool:
        """Whether the file broke before giving anything."""
        first = self.rejects[0] if self.rejects else None
        return self.counts.read == 1 and first is not None and first.kind is RejectKind.FILE


def import_in_batches(
    stream: BinaryIO, report: ImportReport, now: datetime, buyer: str | None = None, batch: int = BATCH
) -> Iterator[ImportReport]:
    """Takes the contracts of a file, and gives the report, filled further, after each batch: commit then.

    With `buyer`, a SIRET, the records of any other entity are rejected. The stream is read once, and not closed.
    """
    records = read_decp(stream)
    while True:
        read = list(islice(records, batch))
        if not read:
            return
        _take(read, report, now, buyer)
        yield report


def take_whole_file(
    stream: BinaryIO, file_name: str, organisation_id: int | None, now: datetime, buyer: str | None
) -> ContractImport:
    """Takes a file in one unit of work and keeps what became of it; Refused when nothing of it can be read."""
    report = ImportReport()
    for _ in import_in_batches(stream, report, now, buyer):
        pass
    if report.is_unreadable:
        raise Refused([Objection("file_unreadable", f"{report.rejects[0].reason}.", "file")])
    return record_import(report, file_name, organisation_id, now)


def _take(read: Sequence[ContractDraft | Reject], report: ImportReport, now: datetime, buyer: str | None) -> None:
    drafts = []
    for record in read:
        foreign = _foreign(record, buyer) if isinstance(record, ContractDraft) else record
        if foreign is not None:
            report.reject(foreign)
        elif isinstance(record, ContractDraft):
            drafts.append(record)
    if drafts:
        _write(drafts, report, now)


def _foreign(draft: ContractDraft, buyer: str | None) -> Reject | None:
    """The reject of another buyer's record; establishments of one entity (same SIREN) are one buyer."""
    if buyer is None or draft.buyer_identifier == buyer:
        return None
    if is_siret(buyer) and draft.buyer_identifier[:SIREN_DIGITS] == buyer[:SIREN_DIGITS]:
        return None
    reason = f"Ce marché est celui d’un autre acheteur (SIRET {format_siret(draft.buyer_identifier)})"
    return Reject(draft.rank, draft.path, "acheteur.id", reason, draft.buyer_identifier[:EXCERPT])


def _write(drafts: Sequence[ContractDraft], report: ImportReport, now: datetime) -> None:
    """Writes the batch; when the database refuses it, each half, so that one record cannot lose the others."""
    try:
        with db.session.begin_nested():
            verdicts = take_batch(drafts, now)
    except REFUSALS as error:
        if error.connection_invalidated:
            raise
        if len(drafts) == 1:
            report.reject(_refused(drafts[0], error))
            return
        middle = len(drafts) // 2
        _write(drafts[:middle], report, now)
        _write(drafts[middle:], report, now)
        return
    for draft, verdict in zip(drafts, verdicts, strict=True):
        report.take(draft, verdict)


def _refused(draft: ContractDraft, error: DBAPIError) -> Reject:
    said = str(error.orig).strip().splitlines()
    reason = "La base de données refuse cet enregistrement"
    return Reject(draft.rank, draft.path, "", reason, (said[0] if said else "")[:EXCERPT])


def record_import(report: ImportReport, file_name: str, organisation_id: int | None, now: datetime) -> ContractImport:
    """Keeps what became of a file, for the page that shows it."""
    counts, rejects = asdict(report.counts), [asdict(reject) for reject in report.rejects]
    kept = ContractImport(file_name=file_name, organisation_id=organisation_id, counts=counts, rejects=rejects, at=now)
    db.session.add(kept)
    db.session.flush()
    if organisation_id is not None:
        write_journal("contracts_imported", "organisation", organisation_id, **counts)
    return kept
