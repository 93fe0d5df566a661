"""A clause as it is typed: its terms, and its hours due, typed or calculated."""

from decimal import Decimal

from wtforms import RadioField, SelectField, SubmitField
from wtforms.validators import Optional

from tracker.contracts.rules.clauses import ClauseDraft, Figures
from tracker.contracts.rules.levers import Lever, Rhythm
from tracker.contracts.rules.means import Means
from tracker.contracts.rules.obligations import Basis
from tracker.plumbing.forms import (
    CHOICE,
    BoxesField,
    DayField,
    DecimalField,
    Form,
    HoursField,
    Present,
    TidyField,
    options,
)
from tracker.publics.rules import DEFAULT_EDITION, EDITIONS

# What a calculation needs, and may be wrong, before the rest is typed.
CALCULATED = frozenset({"due_hours", "offered_hours", "amount", "labour_share", "effort", "hourly_cost"})


class ClauseForm(Form):
    """Lever, publics, means, rhythm, dates, and hours due; the view gives `facilitator` its choices."""

    lever = SelectField(
        "Nature de la clause", [Present(CHOICE)], choices=options((one.value, one.label) for one in Lever)
    )
    article = TidyField("Article", [Optional()], description="Par exemple : CCAP, article 8.2.")
    perimeter = TidyField("Périmètre", description="Ce que la clause couvre : tout le lot, une tranche…")
    facilitator = SelectField("Facilitation confiée à", [Optional()], default="")
    facilitator_contact = TidyField(
        "Pour joindre la facilitation",
        description="Nom, téléphone ou adresse, tels que la clause les donne au titulaire.",
    )
    edition = SelectField(
        "Liste des publics",
        [Present(CHOICE)],
        choices=options((one.code, one.name) for one in EDITIONS.values()),
        default=DEFAULT_EDITION,
    )
    means = BoxesField(
        "Modalités admises",
        choices=options((one.value, one.label.capitalize()) for one in Means),
        default=[one.value for one in Means if one is not Means.TRAINING],
    )
    training_cap = HoursField(
        "Heures de formation admises, au plus", [Optional()], description="Laissez vide si la clause ne le dit pas."
    )
    rhythm = RadioField(
        "Déclarations",
        [Present(CHOICE)],
        choices=options((one.value, one.label.capitalize()) for one in Rhythm),
        default=Rhythm.MONTHLY.value,
    )
    deposit_day = DecimalField("Au plus tard le", [Present()], places=0, default=Decimal(15))
    starts_on = DayField("Début d’exécution")
    ends_on = DayField("Fin d’exécution")
    basis = RadioField(
        "D’où viennent les heures",
        [Present(CHOICE)],
        choices=options(
            [(Basis.FIXED.value, "Le marché fixe les heures"), (Basis.AMOUNT.value, "Calculer d’après le montant")]
        ),
        default=Basis.FIXED.value,
    )
    due_hours = HoursField("Minimum demandé par le marché", [Optional()])
    offered_hours = HoursField(
        "Heures offertes par le titulaire", [Optional()], description="L’offre engage : la plus grande des deux compte."
    )
    amount = DecimalField("Montant du marché", [Optional()])
    labour_share = DecimalField("Part de main-d’œuvre", [Optional()])
    effort = DecimalField("Effort d’insertion", [Optional()])
    hourly_cost = DecimalField("Coût d’une heure", [Optional()])
    calculate = SubmitField("Calculer")

    @property
    def figures(self) -> Figures:
        """What the hours due are made of; percents become fractions.

        Whoever types no hours but asks for the sum wants it from the amount.
        """
        basis = Basis(self.basis.data) if self.basis.data in {Basis.FIXED, Basis.AMOUNT} else Basis.FIXED
        if self.calculate.data and self.due_hours.data is None and self.offered_hours.data is None:
            basis = Basis.AMOUNT
        if basis is Basis.FIXED:
            return Figures(basis, minimum=self.due_hours.data, offered=self.offered_hours.data)
        return Figures(
            basis,
            amount=self.amount.data,
            labour_share=_fraction(self.labour_share.data),
            effort=_fraction(self.effort.data),
            hourly_cost=self.hourly_cost.data,
        )

    def draft(self, facilitator_id: int | None) -> ClauseDraft:
        """The clause as typed, in the charge of this person."""
        return ClauseDraft(
            lever=Lever(self.lever.data),
            edition_code=self.edition.data,
            means=tuple(Means(one) for one in self.means.data or ()),
            article=self.article.data,
            perimeter=self.perimeter.data,
            rhythm=Rhythm(self.rhythm.data),
            deposit_day=int(self.deposit_day.data or 0),
            facilitator_id=facilitator_id,
            facilitator_contact=self.facilitator_contact.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            figures=self.figures,
            training_cap_hours=self.training_cap.data,
        )


def _fraction(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent / 100
