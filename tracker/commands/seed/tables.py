"""The tables that the seed fills, in the order of their writing, with their columns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from tracker.vocabulary.words import search_key

TABLES: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split())
    for name, columns in {
        "organisation": "id public_id kind structure_type identifier_kind identifier siret name sort_key same_as_id"
        " created_at",
        "person": "id public_id email given_name family_name password active fs_uniquifier created_at",
        "membership": "id person_id organisation_id role sector by_link_only started_on ended_on",
        "contract": "id version_id buyer_id number lot object is_concession nature procedure cpv ccag notified_on"
        " published_on starts_on ends_on duration_months amount amount_text place_code has_social_clause"
        " social_considerations remarks doubt source digest search_text sort_key bears_clause created_at",
        "contract_party": "id contract_id organisation_id capacity rank",
        "clause": "id version_id contract_id structure_id facilitator_id lever article perimeter facilitator_contact"
        " edition_code means rhythm deposit_day training_cap_hours starts_on ends_on penalty_cents_per_hour"
        " registered_at",
        "obligation_event": "id clause_id kind occurs_on hours inputs note cancels_id recorded_at",
        "pledge": "id public_id structure_id clause_id organisation_id share_hours made_on note created_at",
        "participant": "id public_id version_id structure_id given_name family_name sort_key born_on sex commune_code"
        " level same_as_id last_event_on held_until created_at",
        "participant_access": "id participant_id organisation_id",
        "eligibility_decision": "id participant_id edition_code outcome main_category other_categories rsa_status"
        " proof_kind proof_seen_on proof_seen_by reason frozen decided_on decided_by_id decided_at",
        "placement": "id public_id version_id pledge_id participant_id employer_id contract_type means job weekly_hours"
        " site tutor starts_on ends_on proposed_at approved_on decision_id refused_at refusal_reason",
        "clause_party": "id clause_id organisation_id capacity",
        "declaration": "id public_id version_id employer_id clause_id month state attested submitted_at"
        " submitted_by_id decided_at created_at",
        "hours_line": "id declaration_id placement_id month part from_on to_on state version declared_hours"
        " accepted_hours imputed_hours",
        "hours_line_version": "id line_id number hours submitted_at submitted_by_id outcome reason decided_at"
        " decided_by_id",
        "ledger_entry": "id line_id line_version_id pledge_id clause_id participant_id decision_id kind month hours"
        " reasons rule_version booked_at booked_by_id",
    }.items()
}
# Statements run by the owner once everything above stands and is indexed, in the same transaction: the place where
# tables kept by triggers, which sleep during the seed, are filled from the rows above.
AFTERWARDS: tuple[str, ...] = (
    """INSERT INTO identity_version (participant_id, number, given_name, family_name, born_on, sex, commune_code, level,
           recorded_at)
       SELECT id, 1, given_name, family_name, born_on, sex, commune_code, level, created_at
       FROM participant ORDER BY id""",
    "SELECT rebuild_year_summary()",
)

# Pieces of COPY's text by table; a row may be in several pieces.
Rows = dict[str, list[bytes]]


def copied(values: Iterable[Any]) -> bytes:
    """One row of COPY's text format; `joined` refuses texts that would need an escape."""
    return ("\t".join([value if type(value) is str else _field(value) for value in values]) + "\n").encode()


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    return str(value)


@cache
def _key(text: str) -> str:
    return search_key(text)


def key_of(*texts: str) -> str:
    """`search_key` of the texts, remembered one by one: the same names come back by the thousand."""
    return " ".join(key for key in map(_key, texts) if key)


def joined(table: str, rows: list[bytes]) -> bytes:
    """The rows as COPY reads them; ValueError when a text holds a tabulation, a line's end or a backslash."""
    text = b"".join(rows)
    tabulations = text.count(b"\n") * (len(TABLES[table]) - 1)
    if (text.count(b"\t"), text.count(b"\\")) != (tabulations, text.count(b"\\N")):
        raise ValueError(f"{table}: a text would need an escape")
    return text


def at(day: date, hour: int) -> str:
    """A moment of that day, in UTC."""
    return f"{day.isoformat()} {hour:02d}:12:00+00"


def in_hours(cents: int) -> str:
    """Hundredths as a decimal: 15167 → « 151.67 »."""
    return f"{cents // 100}.{cents % 100:02d}"
