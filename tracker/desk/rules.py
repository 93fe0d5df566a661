"""What waits: who must act next, since when, oldest first."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.accounts.rules import Role
from tracker.vocabulary.words import plural

# Past this many days a task is said in red.
OLD_AFTER_DAYS = 20
# The oldest of a kind stand on the desk; the rest is counted, and found on the kind's own page.
MOST_SHOWN = 50


class Side(StrEnum):
    """Who must act next."""

    FACILITATOR = "facilitator"
    EMPLOYER = "employer"
    OFFICER = "officer"
    PRESCRIBER = "prescriber"

    @property
    def label(self) -> str:
        """« À la facilitation » for those who wait for it."""
        return {
            Side.FACILITATOR: "À la facilitation",
            Side.EMPLOYER: "À l’employeur",
            Side.OFFICER: "À l’acheteur",
            Side.PRESCRIBER: "Au prescripteur",
        }[self]

    @property
    def plural(self) -> str:
        """The filter's word."""
        return {
            Side.FACILITATOR: "Facilitation",
            Side.EMPLOYER: "Employeurs",
            Side.OFFICER: "Acheteurs",
            Side.PRESCRIBER: "Prescripteurs",
        }[self]


class TaskKind(StrEnum):
    """What sort of thing waits, in the order in which a desk shows them."""

    MONTH = "month"
    IDLE = "idle"
    CORRECTION = "correction"
    DECLARATION = "declaration"
    ELIGIBILITY = "eligibility"
    CLAUSE = "clause"
    CONTRACT = "contract"

    def counted(self, count: int) -> str:
        """« déclarations à valider », read after its count."""
        one, many = _TITLES[self]
        return one if count <= 1 else many


_TITLES = {
    TaskKind.MONTH: ("mois à déclarer", "mois à déclarer"),
    TaskKind.IDLE: ("marché avec des mois sans personne", "marchés avec des mois sans personne"),
    TaskKind.CORRECTION: ("déclaration à corriger", "déclarations à corriger"),
    TaskKind.DECLARATION: ("déclaration à valider", "déclarations à valider"),
    TaskKind.ELIGIBILITY: ("éligibilité à vérifier", "éligibilités à vérifier"),
    TaskKind.CLAUSE: ("clause à compléter", "clauses à compléter"),
    TaskKind.CONTRACT: ("marché sans clause enregistrée", "marchés sans clause enregistrée"),
}


@dataclass(frozen=True)
class Task:
    """One thing that waits: its name, its page, why, who must act, since which day, and a flag (word, kind).

    The page is an endpoint and the values of its address.
    """

    kind: TaskKind
    name: str
    page: tuple[str, Mapping[str, object]]
    why: str
    side: Side
    since: date
    flag: tuple[str, str] | None = None

    def days(self, today: date) -> int:
        """How long it has waited."""
        return max(0, (today - self.since).days)


@dataclass(frozen=True)
class Queue:
    """The tasks of one kind shown on a desk, the oldest, and how many there are in all."""

    kind: TaskKind
    count: int
    tasks: tuple[Task, ...]

    @property
    def title(self) -> str:
        return self.kind.counted(self.count)

    @property
    def hidden(self) -> int:
        """How many are not shown."""
        return self.count - len(self.tasks)


def queues_of(tasks: Iterable[Task]) -> list[Queue]:
    """The tasks by kind, in the desk's order, oldest first inside each, `MOST_SHOWN` at most."""
    found: dict[TaskKind, list[Task]] = {kind: [] for kind in TaskKind}
    for task in tasks:
        found[task.kind].append(task)
    return [Queue(kind, len(waiting), _oldest(waiting)) for kind, waiting in found.items() if waiting]


def _oldest(tasks: Iterable[Task]) -> tuple[Task, ...]:
    return tuple(heapq.nsmallest(MOST_SHOWN, tasks, key=lambda task: (task.since, task.name)))


def counts_by_side(tasks: Sequence[Task]) -> Mapping[Side, int]:
    """How many tasks wait for each side; sides for whom nothing waits are left out."""
    counts = {side: sum(task.side is side for task in tasks) for side in Side}
    return {side: count for side, count in counts.items() if count}


def lead_of(tasks: Sequence[Task], mine: Side | None, today: date) -> str:
    """« 16 dossiers attendent, dont 12 de votre part. Le plus ancien attend depuis 23 jours. »"""
    if not tasks:
        return "Rien n’attend. Vous êtes à jour."
    own = sum(task.side is mine for task in tasks)
    waits = f"{plural(len(tasks), 'dossier')} {'attend' if len(tasks) == 1 else 'attendent'}"
    ours = f", dont {own} de votre part" if own and own != len(tasks) else " de votre part" if own else ""
    oldest = max(task.days(today) for task in tasks)
    since = "depuis aujourd’hui" if not oldest else f"depuis {plural(oldest, 'jour')}"
    return f"{waits}{ours}. Le plus ancien attend {since}."


@dataclass(frozen=True)
class Advice:
    """What an empty desk suggests: a sentence, and a page to open."""

    text: str
    label: str | None = None
    endpoint: str | None = None


ADVICE = {
    Role.FACILITATOR: Advice(
        "Les déclarations et les personnes proposées arriveront ici.", "Voir les marchés", "contracts.list_contracts"
    ),
    Role.ADMINISTRATOR: Advice(
        "Les déclarations et les personnes proposées arriveront ici.", "Voir les marchés", "contracts.list_contracts"
    ),
    Role.OFFICER: Advice(
        "Importez vos marchés pour y enregistrer leurs clauses.", "Importer des marchés", "contracts.import_contracts"
    ),
    Role.EMPLOYER: Advice(
        "Proposez une personne : sa mise à l’emploi apparaîtra ici.", "Voir mes marchés", "contracts.list_contracts"
    ),
    Role.PRESCRIBER: Advice("Les personnes que vous proposez apparaîtront ici."),
    Role.OBSERVER: Advice(
        "Votre accès montre les totaux : rien n’attend de votre part.", "Voir les marchés", "contracts.list_contracts"
    ),
}
