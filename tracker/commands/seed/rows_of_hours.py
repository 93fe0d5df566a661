"""Declarations, lines, versions and the ledger: the millions of rows, each made of texts prepared once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tracker.commands.seed.block import Block
from tracker.commands.seed.hours import Line, Sheet
from tracker.commands.seed.identities import EDITION
from tracker.commands.seed.names import public_id
from tracker.commands.seed.rows_of_people import id_of
from tracker.commands.seed.tables import Rows, at, in_hours
from tracker.commands.seed.verdicts import MEANS, as_json, reasons_that_hold
from tracker.commands.seed.work import Piece
from tracker.hours.rules.counting import RULE_VERSION, Part
from tracker.hours.rules.states import DeclarationState, LineState
from tracker.placements.rules import window_of
from tracker.vocabulary.dates import Period

_REASONS = {
    LineState.RETURNED: "Relevé d’heures ou bulletin de paie manquant",
    LineState.REFUSED: "Heures faites hors de ce marché",
}
# What a corrected line had first declared more, in hundredths of an hour.
_MISTAKE = 1000
# Declarations are sent from the 2nd to the 12th, decided within five days.
_SENT_FROM, _SENT_DAYS, _DECIDED_WITHIN = 2, 11, 5


class Writer:
    """Writes the months of a block; what does not change from month to month is prepared by placement."""

    def __init__(self, rows: Rows, block: Block, rng: Random) -> None:
        self._block, self._rng = block, rng
        self._declarations, self._lines = rows["declaration"], rows["hours_line"]
        self._versions, self._entries = rows["hours_line_version"], rows["ledger_entry"]
        self._line_id = self._version_id = self._entry_id = block.quota.first_id
        self._prepared: dict[Piece, tuple[str, bytes]] = {}

    def write(self, sheet: Sheet, id_: int) -> None:
        """One declaration with its lines."""
        after = self._block.almanac.months[sheet.month].last
        sent = after + timedelta(days=_SENT_FROM + (sheet.contract.id + sheet.month) % _SENT_DAYS)
        decided = sent + timedelta(days=1 + sheet.contract.id % _DECIDED_WITHIN)
        moments = (at(sent, 9), at(decided, 15))
        self._declare(sheet, id_, moments)
        month = self._block.almanac.months[sheet.month].first_text
        people = (self._block.parties.acts_for[sheet.employer.id].id, sheet.contract.facilitator.id)
        for line in sheet.lines:
            self._write_line(line, id_, month, moments, people)

    def _declare(self, sheet: Sheet, id_: int, moments: tuple[str, str]) -> None:
        state, sent, decided = sheet.state, *moments
        is_draft = state is DeclarationState.DRAFT
        person = self._block.parties.acts_for[sheet.employer.id].id
        month = self._block.almanac.months[sheet.month].first_text
        said = "f\t\\N\t\\N" if is_draft else f"t\t{sent}\t{person}"
        until = "\\N" if state in {DeclarationState.DRAFT, DeclarationState.SUBMITTED} else decided
        known = f"{id_}\t{public_id(self._rng)}\t{1 if is_draft else 3}\t{sheet.employer.id}\t{sheet.contract.id}"
        self._declarations.append(f"{known}\t{month}\t{state}\t{said}\t{until}\t{sent}\n".encode())

    def _write_line(
        self, line: Line, declaration: int, month: str, moments: tuple[str, str], people: tuple[int, int]
    ) -> None:
        self._line_id += 1
        hours = in_hours(line.cents)
        imputed = hours if line.counts else "0.00"
        known = f"{self._line_id}\t{declaration}\t{line.piece.id}\t{month}\t{line.part}\t{line.from_on}\t{line.to_on}"
        if line.state is LineState.ACCEPTED:
            number = 2 if line.was_returned else 1
            self._lines.append(f"{known}\taccepted\t{number}\t{hours}\t{hours}\t{imputed}\n".encode())
            self._write_versions(line, number, hours, moments, people)
            self._book(line, month, imputed, moments[1], people[1])
            return
        number = 0 if line.state is LineState.DRAFT else 1
        self._lines.append(f"{known}\t{line.state}\t{number}\t{hours}\t0.00\t0.00\n".encode())
        if number:
            self._write_versions(line, number, hours, moments, people)

    def _write_versions(
        self, line: Line, number: int, hours: str, moments: tuple[str, str], people: tuple[int, int]
    ) -> None:
        sent, decided = moments
        if line.was_returned:
            self._version_id += 1
            first = in_hours(line.cents + _MISTAKE)
            said = f"returned\t{_REASONS[LineState.RETURNED]}\t{sent}\t{people[1]}\n"
            self._versions.append(
                f"{self._version_id}\t{self._line_id}\t1\t{first}\t{sent}\t{people[0]}\t{said}".encode()
            )
        self._version_id += 1
        if line.state is LineState.ACCEPTED:
            said = f"accepted\t\t{decided}\t{people[1]}\n"
        elif line.state is LineState.SUBMITTED:
            said = "\\N\t\t\\N\t\\N\n"
        else:
            said = f"{line.state}\t{_REASONS[line.state]}\t{decided}\t{people[1]}\n"
        self._versions.append(
            f"{self._version_id}\t{self._line_id}\t{number}\t{hours}\t{sent}\t{people[0]}\t{said}".encode()
        )

    def _book(self, line: Line, month: str, hours: str, decided: str, person: int) -> None:
        self._entry_id += 1
        piece = line.piece
        about, reasons = self._prepared.get(piece) or self._prepare(piece)
        if not line.counts:
            reasons = _reasons_against(piece, line)
        known = f"{self._entry_id}\t{self._line_id}\t{self._version_id}\t{about}\t{month}\t{hours}\t"
        # The reasons are most of the world: they stay one object by placement, copied once, when all is joined.
        self._entries += (known.encode(), reasons, f"\t{RULE_VERSION}\t{decided}\t{person}\n".encode())

    def _prepare(self, piece: Piece) -> tuple[str, bytes]:
        worker = id_of(self._block, piece.worker)
        about = f"{piece.pledge}\t{piece.contract.id}\t{worker}\t{worker}\tcount"
        reasons = reasons_that_hold(piece.approved_on, *_periods(piece), piece.means).encode()
        self._prepared[piece] = about, reasons
        return about, reasons


def _periods(piece: Piece) -> tuple[Period, Period]:
    """The performance of the contract, and the window of the placement."""
    contract = piece.contract
    opens_on, contract_type = piece.worker.opens_on, piece.hiring.contract_type
    return contract.performance, window_of(opens_on, contract_type, contract.ends_on, EDITION, piece.ends_on)


def _reasons_against(piece: Piece, line: Line) -> bytes:
    performance, window = _periods(piece)
    part = Part(
        accepted=Decimal(line.cents) / 100,
        first_day=date.fromisoformat(line.from_on),
        last_day=date.fromisoformat(line.to_on),
        approved_on=piece.approved_on,
        performance=performance,
        window=window,
        means=piece.means,
        means_allowed=MEANS,
    )
    return as_json(part).encode()


def write(rows: Rows, block: Block, rng: Random) -> None:
    """Every month of the block, oldest first."""
    writer = Writer(rows, block, rng)
    for id_, sheet in enumerate(block.sheets, start=block.quota.first_id + 1):
        writer.write(sheet, id_)
