"""Messages about placements, as plain text; none of them says why somebody is eligible."""

from dataclasses import dataclass
from datetime import date

from tracker.vocabulary.dates import format_day
from tracker.vocabulary.words import of


@dataclass(frozen=True)
class Letterhead:
    """Who writes, and where the reader goes on."""

    service: str
    department: str
    address: str


@dataclass(frozen=True)
class Mail:
    """A message before it is addressed."""

    subject: str
    body: str


@dataclass(frozen=True)
class PlacementSaid:
    """What a message says of a placement."""

    person: str
    employer: str
    contract: str
    work: str
    starts_on: date


def approval_mail(
    head: Letterhead, said: PlacementSaid, approved_on: date, counts_until: date | None, number: str
) -> Mail:
    """What the « accord préalable » says, and where its dated paper is; the paper itself stays behind the doors."""
    until = f", jusqu’au {format_day(counts_until)}" if counts_until else ""
    return Mail(
        subject=f"Accord préalable du {format_day(approved_on)} : {said.contract}",
        body=f"""Bonjour,

Nous donnons notre accord à la mise à l’emploi {of(said.person)} par {said.employer}.

{said.contract}
{said.work}, à partir du {format_day(said.starts_on)}

Les heures travaillées pour ce marché sont prises en compte à partir du {format_day(approved_on)}{until}.

Votre accord préalable {number} est un PDF daté, à garder. Vous le téléchargez sur cette page :

{head.address}

{head.department}
{head.service}
""",
    )


def refusal_mail(head: Letterhead, said: PlacementSaid, reason: str) -> Mail:
    """The refusal with its reason, as the facilitator wrote it."""
    return Mail(
        subject=f"Mise à l’emploi refusée : {said.contract}",
        body=f"""Bonjour,

La mise à l’emploi {of(said.person)} par {said.employer} n’est pas retenue : ses heures ne comptent pas.

{said.contract}
{said.work}, à partir du {format_day(said.starts_on)}

Motif : {reason}

{head.address}

{head.department}
{head.service}
""",
    )
