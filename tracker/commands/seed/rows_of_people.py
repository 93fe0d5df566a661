"""Participants, decisions, placements and what follows from them, as the application would have written them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from tracker.commands.seed.block import Block
from tracker.commands.seed.contracts import Contract
from tracker.commands.seed.identities import EDITION, Identity, identity_of
from tracker.commands.seed.names import public_id
from tracker.commands.seed.tables import Rows, at, copied, key_of
from tracker.commands.seed.work import Piece, Worker
from tracker.contracts.rules.levers import Capacity
from tracker.contracts.rules.means import Means
from tracker.participants.rules.decisions import Outcome, RsaStatus
from tracker.placements.rules import ContractType
from tracker.vocabulary.dates import age_on

# One person in so many is proposed again at the end of the plan; of them one in two waits, the others are refused.
_PROPOSED_AGAIN = 60
_REFUSAL = "Le poste proposé ne relève pas de la clause de ce marché."
_JANUARY = 31


def write(rows: Rows, block: Block, rng: Random) -> None:
    """Each worker with its decision, its placements, who may read its name and who sees the clause; then proposals."""
    numbers = iter(range(block.quota.first_id + 1, block.quota.first_id + 10**6))
    access_ids = iter(range(block.quota.first_id + 1, block.quota.first_id + 10**6))
    communes = [code for code, _ in block.places]
    identities = []
    proposed_again = list(_proposed_again(block, rng))
    employers = {worker: {one.employer.id: None for one in worker.pieces} for worker in block.workers}
    for worker, contract, _ in proposed_again:
        employers[worker][contract.holders[0].id] = None
    for worker in block.workers:
        identity = identity_of(worker, communes, rng)
        identities.append(identity)
        _write_participant(rows, block, worker, identity, rng)
        _write_decision(rows, block, worker, identity)
        for piece in worker.pieces:
            piece.id = next(numbers)
            _write_placement(rows, block, piece, rng)
        for employer in employers[worker]:
            rows["participant_access"].append(copied((next(access_ids), id_of(block, worker), employer)))
    _write_clause_parties(rows, block)
    for rank, proposal in enumerate(proposed_again):
        _write_proposal(rows, block, (next(numbers), rank), proposal, identities[proposal[0].rank], rng)


def id_of(block: Block, worker: Worker) -> int:
    """The participant's identifier; the decision that lets its hours count has the same."""
    return block.quota.first_id + worker.rank + 1


def _write_participant(rows: Rows, block: Block, worker: Worker, identity: Identity, rng: Random) -> None:
    first, last = worker.pieces[0], worker.pieces[-1]
    whose = (id_of(block, worker), public_id(rng), 1, block.parties.structure.id)
    name = (identity.given_name, identity.family_name, key_of(identity.family_name, identity.given_name))
    facts = (identity.born_on, identity.sex, identity.commune, identity.level, None)
    rows["participant"].append(copied((*whose, *name, *facts, last.approved_on, None, at(first.proposed_on, 10))))


def _write_decision(rows: Rows, block: Block, worker: Worker, identity: Identity) -> None:
    day = worker.pieces[0].approved_on
    facilitator = _facilitator(worker.pieces[0])
    whose = (id_of(block, worker), id_of(block, worker), EDITION.code, Outcome.GRANTED)
    grounds = (identity.category.code, "{}", identity.rsa, identity.proof, identity.proof_seen_on, facilitator[1])
    ends = (identity.reason, _frozen(identity, day), day, facilitator[0], at(day, 14))
    rows["eligibility_decision"].append(copied((*whose, *grounds, *ends)))


def _facilitator(piece: Piece) -> tuple[int, str]:
    return piece.contract.facilitator.id, piece.contract.facilitator.name


def _frozen(identity: Identity, day: date) -> str:
    """The person's status as it stood that day."""
    frozen = {
        "age": age_on(identity.born_on, day),
        "commune": identity.commune,
        "qpv": None,
        "level": identity.level.value,
    }
    return json.dumps(frozen)


def _write_placement(rows: Rows, block: Block, piece: Piece, rng: Random) -> None:
    contract, employer = piece.contract, piece.employer
    worker = id_of(block, piece.worker)
    tutor = block.parties.acts_for[employer.id].name if piece.means is Means.DIRECT_HIRE else ""
    whose = (piece.id, public_id(rng), 2, piece.pledge, worker, employer.id)
    work = (piece.hiring.contract_type, piece.means, rng.choice(contract.trade.jobs), f"{piece.hiring.weekly}.00")
    where = (contract.place[1], tutor, piece.starts_on, piece.ends_on)
    decided = (at(piece.proposed_on, 10), piece.approved_on, worker, None, "")
    rows["placement"].append(copied((*whose, *work, *where, *decided)))


def _write_clause_parties(rows: Rows, block: Block) -> None:
    """Employers that are no holder see the clause because somebody works on it."""
    seen: dict[tuple[int, int], None] = {}
    for worker in block.workers:
        for piece in worker.pieces:
            if piece.employer not in piece.contract.holders:
                seen[piece.contract.id, piece.employer.id] = None
    for rank, (clause, employer) in enumerate(seen, start=1):
        rows["clause_party"].append(copied((block.quota.first_id + rank, clause, employer, Capacity.EMPLOYER)))


# A worker, a contract that goes on, and the day of the proposal.
Proposal = tuple[Worker, Contract, date]


def _proposed_again(block: Block, rng: Random) -> Iterator[Proposal]:
    """People known already, proposed in the last December for the January that follows."""
    end = block.almanac.end
    after = block.almanac.months[end].last
    running = [one for one in block.contracts if one.last >= block.almanac.years - 1 and one.ends_on >= after]
    known = [worker for worker in block.workers if worker.end >= end - 6]
    count = max(2, block.quota.people // _PROPOSED_AGAIN) if running else 0
    for worker in rng.sample(known, min(count, len(known))):
        yield worker, rng.choice(running), block.almanac.months[end - 1].day(rng.randint(2, 20))


def _write_proposal(
    rows: Rows, block: Block, numbers: tuple[int, int], proposal: Proposal, identity: Identity, rng: Random
) -> None:
    """A placement that waits, or that was refused with its decision and its reason."""
    worker, contract, proposed_on = proposal
    id_, rank = numbers
    holder, month = contract.holders[0], block.almanac.months[block.almanac.end]
    whose = (id_, public_id(rng), 1 + rank % 2, contract.pledges[0], id_of(block, worker), holder.id)
    work = (ContractType.CDD, Means.DIRECT_HIRE, rng.choice(contract.trade.jobs), "35.00", contract.place[1])
    days = (block.parties.acts_for[holder.id].name, month.first, month.last, at(proposed_on, 10), None, None)
    refused_on = proposed_on + timedelta(days=5)
    is_refused = rank % 2 == 1
    rows["placement"].append(
        copied((*whose, *work, *days, *((at(refused_on, 14), _REFUSAL) if is_refused else (None, ""))))
    )
    if is_refused:
        _write_refusal(rows, block, (worker, contract, refused_on), rank, identity)


def _write_refusal(rows: Rows, block: Block, proposal: Proposal, rank: int, identity: Identity) -> None:
    worker, contract, day = proposal
    id_ = block.quota.first_id + len(block.workers) + rank + 1
    whose = (id_, id_of(block, worker), EDITION.code, Outcome.REFUSED, None, "{}", RsaStatus.NONE, "", None, "")
    moment = at(day, 14)
    rows["eligibility_decision"].append(
        copied((*whose, _REFUSAL, _frozen(identity, day), day, contract.facilitator.id, moment))
    )
