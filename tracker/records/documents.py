"""How a clause's figures are laid on a page: its réglet, its state, its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.accounts.models import Organisation
from tracker.contracts.models import ContractParty
from tracker.hours.rules.progress import State
from tracker.plumbing.charts import GaugeGeometry, gauge_geometry
from tracker.plumbing.formats import french_date
from tracker.records.queries import ClauseRecord
from tracker.vocabulary.identifiers import format_siret

# The shape that says each state; the word says it too.
STATE_KINDS = {
    State.NOT_STARTED: "",
    State.AHEAD: "good",
    State.ON_COURSE: "good",
    State.WATCH: "watch",
    State.BEHIND: "stop",
    State.MET: "good",
}


@dataclass(frozen=True)
class ClauseView:
    """A clause as the component « clause » draws it."""

    record: ClauseRecord
    name: str
    holder: str
    state: str
    state_kind: str
    geometry: GaugeGeometry | None


def clause_view(record: ClauseRecord) -> ClauseView:
    """The figures of a record, placed."""
    progress = record.progress
    geometry = None
    if progress.due > 0:
        geometry = gauge_geometry(
            progress.due, progress.counted, progress.pending, progress.expected, progress.projected
        )
    return ClauseView(
        record=record,
        name=record.clause.perimeter.capitalize() or record.clause.lever.label.capitalize(),
        holder=", ".join(pledge.organisation.name for pledge in record.pledges),
        state=progress.state.label.capitalize(),
        state_kind=STATE_KINDS[progress.state],
        geometry=geometry,
    )


def period_text(starts_on: date | None, ends_on: date | None) -> str | None:
    """« Du 01/09/2025 au 31/10/2026 », with what is missing said; None when nothing is known."""
    if starts_on is None and ends_on is None:
        return None
    return f"Du {french_date(starts_on)} au {french_date(ends_on)}"


def holders_note(holders: Sequence[ContractParty]) -> str:
    """Their SIRET, or what the source wrote instead: « SIRET non valide : … »."""
    return ", ".join(_identifier(party.organisation) for party in holders)


def _identifier(organisation: Organisation) -> str:
    if organisation.siret:
        return f"SIRET {format_siret(organisation.siret)}"
    if organisation.identifier_kind == "SIRET":
        return f"SIRET non valide : {organisation.identifier}"
    return f"{organisation.identifier_kind} {organisation.identifier}"
