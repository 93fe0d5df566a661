"""Organisations, accounts, contracts and clauses as the application would have written them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tracker.accounts.rules import OrganisationKind, Role
from tracker.commands.seed.block import Block
from tracker.commands.seed.contracts import Contract
from tracker.commands.seed.names import public_id
from tracker.commands.seed.parties import Parties
from tracker.commands.seed.tables import Rows, at, copied, key_of
from tracker.commands.seed.verdicts import MEANS
from tracker.contracts.rules.clauses import Figures
from tracker.contracts.rules.levers import Capacity, Rhythm
from tracker.contracts.rules.obligations import EventKind
from tracker.pledges.rules import equal_shares
from tracker.publics.rules import DEFAULT_EDITION
from tracker.vocabulary.dates import MONTHS_A_YEAR

_MEANS = "{" + ",".join(MEANS) + "}"
_CONSIDERATIONS = '{"Clause sociale"}'
_EUROS_AN_HOUR = 600
_LEAST_DUE = 10
# Hours due for one done: met, or behind; a clause that runs owes in proportion of what is left to run.
_MET, _BEHIND, _ON_COURSE = (0.78, 1.0), (1.05, 1.6), (0.75, 1.3)
_SHARE_MET = 0.72
_AMENDED = 0.05


def write(rows: Rows, block: Block, password: str, rng: Random) -> None:
    """Organisations and accounts; contracts with their holders, what their clauses owe, one pledge for each holder."""
    since = date(block.almanac.first_year - 1, 9, 1)
    _write_organisations(rows, block.parties, since, rng)
    _write_accounts(rows, block.parties, since, password, rng)
    end = block.almanac.months[block.almanac.end - 1].last
    for contract in block.contracts:
        due = _due(contract, end, rng)
        _write_contract(rows, contract, due)
        _write_parties(rows, contract)
        _write_clause(rows, block.parties, contract)
        first = _write_events(rows, contract, due, rng)
        _write_pledges(rows, block.parties, contract, first, rng)


def _write_organisations(rows: Rows, parties: Parties, since: date, rng: Random) -> None:
    for party in parties.organisations:
        structure_type = party.mode if party.kind is OrganisationKind.INSERTION_STRUCTURE else None
        identity = (party.id, public_id(rng), party.kind, structure_type, "SIRET", party.siret, party.siret)
        rows["organisation"].append(copied((*identity, party.name, key_of(party.name), None, at(since, 8))))


def _write_accounts(rows: Rows, parties: Parties, since: date, password: str, rng: Random) -> None:
    for account in parties.accounts:
        name = (account.id, public_id(rng), account.email, account.given_name, account.family_name)
        secret = (password if account.has_password else None, True, f"{rng.getrandbits(256):064x}")
        rows["person"].append(copied((*name, *secret, at(since, 8))))
        whose = (account.id, account.id, account.party.id, account.role, "")
        by_link_only = account.role is Role.EMPLOYER and not account.has_password
        rows["membership"].append(copied((*whose, by_link_only, since, None)))


def _due(contract: Contract, end: date, rng: Random) -> int:
    """Whole hours due, plausible for those done."""
    starts_on = contract.starts_on
    if contract.ends_on > end:
        elapsed = ((end - starts_on).days + 1) / ((contract.ends_on - starts_on).days + 1)
        factor = rng.uniform(*_ON_COURSE) / elapsed
    else:
        factor = rng.uniform(*(_MET if rng.random() < _SHARE_MET else _BEHIND))
    return max(_LEAST_DUE, int(contract.cents * factor) // 100)


def _write_contract(rows: Rows, contract: Contract, due: int) -> None:
    lot = contract.object.rsplit(" ", 1)[1]
    known_by = [word for one in (contract.buyer, *contract.holders) for word in (one.name, one.siret)]
    starts_on = contract.starts_on
    months = (contract.ends_on.year - starts_on.year) * MONTHS_A_YEAR + contract.ends_on.month
    named = (contract.id, 1, contract.buyer.id, contract.number, lot, contract.object, False, "Marché")
    kind = ("Appel d’offres ouvert", contract.trade.cpv, contract.trade.ccag)
    days = (contract.notified_on, contract.notified_on + timedelta(days=20), starts_on, contract.ends_on, months)
    amount = (f"{due * _EUROS_AN_HOUR}.00", "", contract.place[0], True, _CONSIDERATIONS)
    keys = (key_of(contract.number, lot, contract.object, *known_by), key_of(contract.object))
    moment = at(contract.notified_on + timedelta(days=21), 8)
    rows["contract"].append(copied((*named, *kind, *days, *amount, "[]", "", "", "", *keys, True, moment)))


def _write_parties(rows: Rows, contract: Contract) -> None:
    capacity = Capacity.HOLDER if len(contract.holders) == 1 else Capacity.CO_HOLDER
    for rank, (id_, holder) in enumerate(zip(contract.pledges, contract.holders, strict=True), start=1):
        rows["contract_party"].append(copied((id_, contract.id, holder.id, capacity, rank)))


def _write_clause(rows: Rows, parties: Parties, contract: Contract) -> None:
    account = contract.facilitator
    whose = (contract.id, 1, contract.id, parties.structure.id, account.id, contract.lever)
    said = ("CCAP, art. 7", contract.place[1], f"{account.name}, {parties.structure.name}", DEFAULT_EDITION)
    terms = (_MEANS, Rhythm.MONTHLY, 15, None, contract.starts_on, contract.ends_on, None)
    moment = at(contract.notified_on + timedelta(days=24), 9)
    rows["clause"].append(copied((*whose, *said, *terms, moment)))


def _write_events(rows: Rows, contract: Contract, due: int, rng: Random) -> int:
    """The notification, and now and then an amendment that brings the rest; gives the hours first due."""
    first = due if rng.random() >= _AMENDED else due * 4 // 5
    inputs = json.dumps(Figures(minimum=Decimal(first)).inputs)
    moment = at(contract.notified_on + timedelta(days=24), 9)
    event = (2 * contract.id, contract.id, EventKind.NOTIFIED, contract.notified_on, f"{first}.00")
    rows["obligation_event"].append(copied((*event, inputs, "", None, moment)))
    if first < due:
        day = contract.starts_on + timedelta(days=60)
        event = (2 * contract.id + 1, contract.id, EventKind.HOURS_AMENDMENT, day, f"{due - first}.00")
        rows["obligation_event"].append(copied((*event, "{}", "Avenant n° 1", None, at(day, 9))))
    return first


def _write_pledges(rows: Rows, parties: Parties, contract: Contract, due: int, rng: Random) -> None:
    shares: Sequence[Decimal | None] = [None]
    if len(contract.holders) > 1:
        shares = [one.hours for one in equal_shares(Decimal(due), [holder.name for holder in contract.holders])]
    moment = at(contract.notified_on + timedelta(days=24), 9)
    for id_, holder, share in zip(contract.pledges, contract.holders, shares, strict=True):
        whose = (id_, public_id(rng), parties.structure.id, contract.id, holder.id)
        rows["pledge"].append(copied((*whose, share, contract.notified_on, "", moment)))
