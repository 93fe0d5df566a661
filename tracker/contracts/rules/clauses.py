"""A clause about to be registered: what it says, how its hours were made, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Self

from tracker.contracts.rules.levers import Ccag, ClauseFacts, Lever, Rhythm, particulars_missing
from tracker.contracts.rules.means import Means
from tracker.contracts.rules.obligations import Basis, Step, fixed_hours, hours_from_amount, steps_of_amount
from tracker.vocabulary.dates import DAY, months_later
from tracker.vocabulary.hours import ZERO
from tracker.vocabulary.law import InForce, Source
from tracker.vocabulary.objections import Objection

# Contracts notified before may still follow an older edition, which asks for no such particulars.
PARTICULARS_DEMANDED = InForce(
    "Mentions de la clause demandées par les CCAG, d’après la date de notification",
    "",
    {
        date.min: (False, Source("CCAG de 2009 et avant")),
        date(2021, 10, 1): (True, Source("Arrêtés du 30 mars 2021, fin de la période transitoire")),
    },
)
LAST_DEPOSIT_DAY = 28
# Sixty thousand working years: more is a slip of the keyboard.
MOST_HOURS = Decimal(99_999_999)
# A concession may last 99 years.
LONGEST_MONTHS = 1200
FIGURES = ("minimum", "offered", "amount", "labour_share", "effort", "hourly_cost")


@dataclass(frozen=True)
class Figures:
    """What the hours due are made of: `minimum` and `offered` when typed, the four others when calculated.

    Shares are fractions (0.05 for 5 %), amounts euros. A figure not known is None.
    """

    basis: Basis = Basis.FIXED
    minimum: Decimal | None = None
    offered: Decimal | None = None
    amount: Decimal | None = None
    labour_share: Decimal | None = None
    effort: Decimal | None = None
    hourly_cost: Decimal | None = None

    @classmethod
    def from_inputs(cls, inputs: Mapping[str, object]) -> Self | None:
        """The figures an event kept, None when it kept none that are readable."""
        try:
            known = {name: Decimal(str(inputs[name])) for name in FIGURES if inputs.get(name) is not None}
            return cls(Basis(str(inputs["basis"])), **known)
        except (KeyError, ValueError, InvalidOperation):
            return None

    @property
    def inputs(self) -> dict[str, str]:
        """The figures as an event keeps them; what is unknown is left out."""
        known = {name: getattr(self, name) for name in FIGURES}
        return {"basis": self.basis.value} | {name: str(value) for name, value in known.items() if value is not None}

    @property
    def hours(self) -> Decimal | None:
        """The hours due, None while a figure they need is missing or impossible."""
        if self.basis is Basis.AMOUNT:
            four = self._of_the_amount
            return hours_from_amount(*four) if four else None
        least = self.minimum if self.minimum is not None else self.offered
        return fixed_hours(least, self.offered) if least is not None else None

    @property
    def steps(self) -> list[Step]:
        """The sum, line by line; of typed hours, the tender's minimum and the offer."""
        if self.basis is Basis.AMOUNT:
            four = self._of_the_amount
            return steps_of_amount(*four) if four else []
        typed = (("Minimum demandé", self.minimum), ("Volume offert", self.offered), ("Heures dues", self.hours))
        return [Step(label, value, "h") for label, value in typed if value is not None]

    @property
    def _of_the_amount(self) -> tuple[Decimal, Decimal, Decimal, Decimal] | None:
        amount, share, effort, cost = self.amount, self.labour_share, self.effort, self.hourly_cost
        if amount is None or share is None or effort is None or cost is None or cost <= 0:
            return None
        return amount, share, effort, cost


@dataclass(frozen=True)
class ClauseDraft:
    """A clause as somebody typed it. `facilitator_id` is a person; what is not known is None or empty."""

    lever: Lever
    edition_code: str
    means: tuple[Means, ...]
    article: str = ""
    perimeter: str = ""
    rhythm: Rhythm = Rhythm.MONTHLY
    deposit_day: int = 15
    facilitator_id: int | None = None
    facilitator_contact: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    figures: Figures = Figures()
    training_cap_hours: Decimal | None = None


def objections_to_clause(draft: ClauseDraft, ccag: Ccag | None, notified_on: date | None) -> list[Objection]:
    """All that is wrong with the clause, beside its fields; what a CCAG of 2021 demands blocks on such contracts.

    Fields are those of the form: means, deposit_day, ends_on, training_cap, due_hours, offered_hours, amount,
    labour_share, effort, hourly_cost, and those of `particulars_missing`.
    """
    facts = ClauseFacts(
        ccag=ccag,
        is_2021=notified_on is None or PARTICULARS_DEMANDED.on(notified_on),
        perimeter=draft.perimeter,
        edition=draft.edition_code,
        due_hours=draft.figures.hours,
        facilitator_contact=draft.facilitator_contact,
        has_facilitator=draft.facilitator_id is not None or bool(draft.facilitator_contact),
    )
    figures = list(objections_to_figures(draft.figures))
    # Calculated hours that lack a figure say which one; that no hours come of it goes without saying.
    particulars = [one for one in particulars_missing(facts) if not (figures and one.field == "due_hours")]
    return [*_objections_to_terms(draft), *figures, *particulars]


def _objections_to_terms(draft: ClauseDraft) -> Iterator[Objection]:
    if not draft.means:
        yield Objection("clause_without_means", "Cochez au moins une modalité de mise en œuvre.", "means")
    if not 1 <= draft.deposit_day <= LAST_DEPOSIT_DAY:
        text = f"Choisissez un jour entre 1 et {LAST_DEPOSIT_DAY} : tous les mois l’ont."
        yield Objection("clause_deposit_day", text, "deposit_day")
    if draft.starts_on and draft.ends_on and draft.ends_on < draft.starts_on:
        text = "La fin d’exécution tombe avant son début. Corrigez l’une des deux dates."
        yield Objection("clause_ends_before_it_starts", text, "ends_on")
    if draft.training_cap_hours is not None and draft.training_cap_hours < ZERO:
        yield Objection("clause_training_cap", "Le plafond de formation ne peut pas être négatif.", "training_cap")


def objections_to_figures(figures: Figures) -> Iterator[Objection]:
    """What is wrong with the figures alone, beside their fields, before the rest of the clause is known."""
    if figures.hours is not None and figures.hours > MOST_HOURS:
        text = "Ces heures dépassent ce qu’un marché peut porter. Vérifiez chaque chiffre."
        yield Objection("clause_hours_absurd", text, "amount" if figures.basis is Basis.AMOUNT else "due_hours")
    if figures.basis is not Basis.AMOUNT:
        for field, hours in (("due_hours", figures.minimum), ("offered_hours", figures.offered)):
            if hours is not None and hours < ZERO:
                yield Objection("clause_hours_negative", "Les heures dues ne peuvent pas être négatives.", field)
        return
    yield from _bounds("amount", figures.amount, "Indiquez le montant du marché, au-dessus de zéro.")
    yield from _bounds("labour_share", figures.labour_share, "Indiquez une part entre 0 et 100 %.", most=1)
    yield from _bounds("effort", figures.effort, "Indiquez un effort entre 0 et 100 %.", most=1)
    yield from _bounds("hourly_cost", figures.hourly_cost, "Indiquez le coût d’une heure, au-dessus de zéro.")


def _bounds(field: str, value: Decimal | None, text: str, most: int | None = None) -> Iterator[Objection]:
    if value is None or value <= 0 or (most is not None and value > most):
        yield Objection(f"clause_{field}_wanted", text, field)


def planned_end(starts_on: date | None, duration_months: int | None) -> date | None:
    """The last day of a performance that lasts so many months from its first day.

    None while either is unknown, or when the published duration is beyond belief.
    """
    if starts_on is None or not duration_months or duration_months > LONGEST_MONTHS:
        return None
    return months_later(starts_on, duration_months) - DAY
