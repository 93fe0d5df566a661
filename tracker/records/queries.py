"""Everything about one contract or one clause, gathered from every room in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.accounts.models import JournalEntry
from tracker.accounts.queries import Viewer, journal_of
from tracker.accounts.rules import Role
from tracker.contracts.models import Clause, Contract, ContractParty
from tracker.contracts.queries.clauses import clauses_of, events_of
from tracker.contracts.rules.obligations import Event
from tracker.hours.queries.ledger import counted_by_placement
from tracker.hours.queries.progress import progress_of
from tracker.hours.rules.progress import Progress
from tracker.placements.models import Placement
from tracker.placements.queries import performance_on, placements_of, windows_of
from tracker.placements.rules import counts_until
from tracker.pledges.models import Pledge
from tracker.pledges.queries import pledges_of
from tracker.vocabulary.dates import Period

# Who may read people's names on a contract's page; an employer reads those of its own employees.
NAMES_FOR = frozenset({Role.FACILITATOR, Role.ADMINISTRATOR, Role.EMPLOYER})


@dataclass(frozen=True)
class PlacementRow:
    """A placement as a contract's page shows it: until when hours count, and how many have.

    `window` is None while no decision bears it; `counts_until` None when nothing ends it.
    """

    placement: Placement
    window: Period | None
    counts_until: date | None
    counted_hours: Decimal


@dataclass(frozen=True)
class ClauseRecord:
    """A clause with what makes its hours due, where it stands, who undertook it and who works under it."""

    clause: Clause
    events: Sequence[Event]
    progress: Progress
    pledges: Sequence[Pledge]
    placements: Sequence[PlacementRow]


@dataclass(frozen=True)
class ContractRecord:
    """A contract, its holders, its clauses and its journal, publications included."""

    contract: Contract
    holders: Sequence[ContractParty]
    clauses: Sequence[ClauseRecord]
    journal: Sequence[JournalEntry]


def contract_record(viewer: Viewer, contract: Contract, today: date) -> ContractRecord:
    """Everything this viewer may see about a contract; nine statements, whatever the number of clauses."""
    clauses = clauses_of(contract.id, viewer)
    about = [("contract", contract.id), *(("clause", clause.id) for clause in clauses)]
    return ContractRecord(
        contract=contract,
        holders=[party for party in contract.parties if party.capacity.holds],
        clauses=clause_records(viewer, clauses, today),
        journal=[] if viewer.role is Role.EMPLOYER else journal_of(*about),
    )


def clause_records(viewer: Viewer, clauses: Sequence[Clause], today: date) -> list[ClauseRecord]:
    """Each clause with its figures, pledges and placements."""
    ids = [clause.id for clause in clauses]
    if not ids:
        return []
    events, pledges = events_of(ids), pledges_of(ids)
    progress = progress_of(clauses, today, events)
    placements = _placement_rows(viewer, [pledge.id for one in pledges.values() for pledge in one])
    return [
        ClauseRecord(
            clause=clause,
            events=events[clause.id],
            progress=progress[clause.id],
            pledges=pledges[clause.id],
            placements=[row for pledge in pledges[clause.id] for row in placements.get(pledge.id, [])],
        )
        for clause in clauses
    ]


def _placement_rows(viewer: Viewer, pledge_ids: Sequence[int]) -> Mapping[int, list[PlacementRow]]:
    if viewer.role not in NAMES_FOR or not pledge_ids:
        return {}
    found = placements_of(pledge_ids)
    if viewer.role is Role.EMPLOYER:
        mine = viewer.organisation_id
        found = {pledge: [one for one in rows if one.employer_id == mine] for pledge, rows in found.items()}
    every = [placement for rows in found.values() for placement in rows]
    windows, counted = windows_of(every), counted_by_placement([placement.id for placement in every])
    return {
        pledge: [_placement_row(one, windows.get(one.id), counted[one.id]) for one in rows]
        for pledge, rows in found.items()
    }


def _placement_row(placement: Placement, window: Period | None, counted: Decimal) -> PlacementRow:
    clause = placement.pledge.clause
    until = counts_until(window, performance_on(clause) if clause else None, placement.ends_on)
    return PlacementRow(placement, window, until, counted)
