"""What is wrong with a declared line: every check of the house, its level and its source, in one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.hours.rules import sentences
from tracker.hours.rules.law import longest_week, usual_longest_week
from tracker.hours.rules.lines import LineFacts
from tracker.vocabulary.law import Source
from tracker.vocabulary.objections import Level, Objection

READ_ON = date(2026, 11, 1)
PRACTICE = Source("Pratique des facilitateurs, à confirmer")
CLAUSE = Source("Clause du marché")
PRIOR_APPROVAL = Source("TA Rennes, décision publiée le 4 février 2026 (490 h dues, 70 h admises)", read_on=READ_ON)
WINDOW = Source("Liste des publics de la clause : durée de 24 mois à confirmer")
LABOUR_LAW = Source("C. trav., art. L3121-20, L3121-21 et L3162-1")


class Check(StrEnum):
    """A check on a line: its value is the code of its objections, its properties are its row of the table."""

    MONTH_NOT_BEGUN = "month_not_begun"
    PERFORMANCE_UNKNOWN = "performance_unknown"
    OUTSIDE_PERFORMANCE = "outside_performance"
    OUTSIDE_PLACEMENT = "outside_placement"
    BLANK = "blank"
    HOURS_AND_NONE = "hours_and_none"
    NOT_POSITIVE = "not_positive"
    TOO_MANY_DECIMALS = "too_many_decimals"
    TWICE = "twice"
    ABOVE_LONGEST_WEEK = "above_longest_week"
    PERSON_MONTH = "person_month"
    ABOVE_USUAL_WEEK = "above_usual_week"
    ABOVE_CONTRACT = "above_contract"
    OVERLAP = "overlap"
    LATE = "late"
    TUTOR_MISSING = "tutor_missing"
    SITE_MISSING = "site_missing"
    JUMP = "jump"
    BEFORE_APPROVAL = "before_approval"
    AFTER_WINDOW = "after_window"

    @property
    def label(self) -> str:
        return _TABLE[self].label

    @property
    def level(self) -> Level:
        """Its level as long as the administrator has not changed it."""
        return _TABLE[self].level

    @property
    def source(self) -> Source:
        return _TABLE[self].source

    @property
    def settled_by(self) -> str:
        """What would settle the objection, in French."""
        return _TABLE[self].settled_by

    @property
    def is_about_month(self) -> bool:
        """Whether it speaks of the whole declaration rather than of one line."""
        return self in {Check.MONTH_NOT_BEGUN, Check.PERFORMANCE_UNKNOWN, Check.LATE}

    def level_among(self, levels: Mapping[str, Level]) -> Level:
        """Its level under the administrator's settings; what blocks by default cannot be lowered."""
        return Level.BLOCKS if self.level is Level.BLOCKS else levels.get(self.value, self.level)


Says = Callable[[LineFacts], "str | None"]


@dataclass(frozen=True)
class _Row:
    """One check: `says` is None for what is seen over several lines at once."""

    label: str
    level: Level
    source: Source
    settled_by: str
    says: Says | None


_CORRECTION = "Une correction de la ligne."
_BUYER = "L’accord écrit de l’acheteur."
_TABLE: dict[Check, _Row] = {
    Check.MONTH_NOT_BEGUN: _Row(
        "Mois pas encore commencé", Level.BLOCKS, PRACTICE, "Attendre le mois.", sentences.month_not_begun
    ),
    Check.PERFORMANCE_UNKNOWN: _Row(
        "Dates du marché absentes",
        Level.BLOCKS,
        CLAUSE,
        "Compléter les dates du marché.",
        sentences.performance_unknown,
    ),
    Check.OUTSIDE_PERFORMANCE: _Row(
        "Hors de l’exécution du marché", Level.BLOCKS, CLAUSE, _CORRECTION, sentences.outside_performance
    ),
    Check.OUTSIDE_PLACEMENT: _Row(
        "Hors de la mise à l’emploi",
        Level.BLOCKS,
        PRACTICE,
        "Corriger les dates du contrat.",
        sentences.outside_placement,
    ),
    Check.BLANK: _Row(
        "Ligne sans réponse", Level.BLOCKS, PRACTICE, "Un nombre d’heures, ou aucune heure.", sentences.blank
    ),
    Check.HOURS_AND_NONE: _Row(
        "Heures et « aucune heure »", Level.BLOCKS, PRACTICE, "L’une des deux réponses.", sentences.hours_and_none
    ),
    Check.NOT_POSITIVE: _Row("Heures nulles ou négatives", Level.BLOCKS, PRACTICE, _CORRECTION, sentences.not_positive),
    Check.TOO_MANY_DECIMALS: _Row(
        "Plus de deux décimales", Level.BLOCKS, PRACTICE, _CORRECTION, sentences.too_many_decimals
    ),
    Check.TWICE: _Row("Ligne saisie deux fois", Level.BLOCKS, PRACTICE, "Retirer l’une des deux.", None),
    Check.ABOVE_LONGEST_WEEK: _Row(
        "Au-delà de la durée légale", Level.BLOCKS, LABOUR_LAW, _CORRECTION, sentences.above_longest_week
    ),
    Check.PERSON_MONTH: _Row(
        "Mois de la personne au-delà de la durée légale",
        Level.BLOCKS,
        LABOUR_LAW,
        "Une décision motivée.",
        sentences.person_month,
    ),
    Check.ABOVE_USUAL_WEEK: _Row(
        "Au-delà de la durée habituelle",
        Level.WARNS,
        LABOUR_LAW,
        "La dérogation ou le bulletin de paie.",
        sentences.above_usual_week,
    ),
    Check.ABOVE_CONTRACT: _Row(
        "Au-delà du contrat de travail", Level.WARNS, PRACTICE, "Le bulletin de paie.", sentences.above_contract
    ),
    Check.OVERLAP: _Row(
        "Mises à l’emploi simultanées", Level.WARNS, PRACTICE, "Les contrats de travail.", sentences.overlap
    ),
    Check.LATE: _Row("Déclaration en retard", Level.WARNS, CLAUSE, "Le dépôt de la déclaration.", sentences.late),
    Check.TUTOR_MISSING: _Row(
        "Tuteur non indiqué", Level.WARNS, PRACTICE, "Le nom du tuteur ou de la tutrice.", sentences.tutor_missing
    ),
    Check.SITE_MISSING: _Row(
        "Lieu de travail non indiqué", Level.WARNS, PRACTICE, "Le lieu de travail.", sentences.site_missing
    ),
    Check.JUMP: _Row(
        "Écart de plus de moitié avec le mois précédent", Level.OFF, PRACTICE, "Une explication.", sentences.jump
    ),
    Check.BEFORE_APPROVAL: _Row("Avant l’accord", Level.WARNS, PRIOR_APPROVAL, _BUYER, sentences.before_approval),
    Check.AFTER_WINDOW: _Row(
        "Après la période de prise en compte", Level.WARNS, WINDOW, _BUYER, sentences.after_window
    ),
}
# They tell of other employers, or why hours do not count: an employer never sees them.
_FOR_FACILITATORS_ALONE = {Check.PERSON_MONTH, Check.OVERLAP, Check.BEFORE_APPROVAL, Check.AFTER_WINDOW}


def objections_to_line(facts: LineFacts) -> list[Objection]:
    """What the employer is told of a line on submission: what blocks it, then what is worth a look.

    Fields are « hours-<key> », or "" for what concerns the whole month. Nothing of other employers.
    """
    return _worst_first(_found(facts, (check for check in Check if check not in _FOR_FACILITATORS_ALONE)))


def objections_to_lines(lines: Sequence[LineFacts]) -> list[Objection]:
    """The objections to all lines of a declaration, each said once; two lines of one key block."""
    found = [objection for facts in lines for objection in objections_to_line(facts)]
    keys = Counter(facts.key for facts in lines)
    found += [_twice(key) for key, times in keys.items() if times > 1]
    return list(dict.fromkeys(found))


def anomalies_of(facts: LineFacts) -> list[Objection]:
    """What the facilitator is shown of a line: everything, worst first.

    A blocking one stops acceptance until a decision with its reason.
    """
    return _worst_first(_found(facts, Check))


def _found(facts: LineFacts, checks: Iterable[Check]) -> Iterator[Objection]:
    for check in checks:
        level, says = check.level_among(facts.levels), _TABLE[check].says
        text = says(facts) if says and level is not Level.OFF else None
        if text:
            field = "" if check.is_about_month else f"hours-{facts.key}"
            yield Objection(check.value, text, field, level, _source(check, facts), check.settled_by)


def _source(check: Check, facts: LineFacts) -> Source:
    """The article in force those days for the legal weeks, else the table's."""
    if check in {Check.ABOVE_LONGEST_WEEK, Check.PERSON_MONTH}:
        return longest_week(facts.is_minor).source_on(facts.cell.first)
    if check is Check.ABOVE_USUAL_WEEK:
        return usual_longest_week(facts.is_minor).source_on(facts.cell.first)
    return check.source


def _twice(key: str) -> Objection:
    check = Check.TWICE
    text = "Cette ligne est saisie deux fois. Gardez-en une."
    return Objection(check.value, text, f"hours-{key}", check.level, check.source, check.settled_by)


def _worst_first(found: Iterable[Objection]) -> list[Objection]:
    return sorted(found, key=lambda objection: not objection.blocks)
