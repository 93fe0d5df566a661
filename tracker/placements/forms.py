"""Proposing a placement, deciding it: what was typed, read."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from tracker.contracts.rules.means import Means
from tracker.participants.forms import SHORT_LINE, IdentityForm, ReadForm, word_of
from tracker.participants.rules.decisions import DecisionFacts, Outcome, RsaStatus
from tracker.placements.rules import ContractType, PlacementDraft
from tracker.placements.rules.periods import Ending, EndReason
from tracker.plumbing.forms import BoxesField, DayField, DecimalField, TidyField, number_of_version, options
from tracker.publics.rules import Edition, Proof
from tracker.vocabulary.dates import format_day
from tracker.vocabulary.objections import Objection

LONGEST_TEXT = 2000
SHORT_TEXT = Length(max=LONGEST_TEXT, message=f"Écrivez {LONGEST_TEXT} signes au plus.")
REUSED = "reused"


class Known(Protocol):
    """Somebody already in the files."""

    public_id: Any
    born_on: Any

    @property
    def name(self) -> str: ...


class PlacementForm(IdentityForm):
    """Who is proposed, by whom, for what work. The view fills the choices, and takes away what a role is not asked."""

    participant = SelectField("Personne", validate_choice=False)
    is_another = BooleanField("C’est une autre personne")
    employer = SelectField("Employeur", validate_choice=False)
    employer_siret = TidyField("SIRET d’un autre employeur", [Optional(), SHORT_LINE])
    employer_name = TidyField("Nom de cet autre employeur", [Optional(), SHORT_LINE])
    holder = SelectField("Titulaire pour qui la personne travaille", validate_choice=False)
    contract_type = SelectField(
        "Type de contrat",
        coerce=word_of(ContractType),
        choices=options([("", "Choisissez"), *((kind, kind.label) for kind in ContractType)]),
        validate_choice=False,
    )
    means = RadioField(
        "Modalité de mise en œuvre",
        coerce=word_of(Means),
        choices=options((means, means.label) for means in Means),
        validate_choice=False,
    )
    weekly_hours = DecimalField("Heures par semaine")
    job = TidyField("Poste", [Optional(), SHORT_LINE])
    site = TidyField("Lieu de travail", [Optional(), SHORT_LINE])
    tutor = TidyField("Tuteur ou tutrice", [Optional(), SHORT_LINE])
    starts_on = DayField("Premier jour de travail")
    ends_on = DayField("Dernier jour de travail", [Optional()])
    was_existing_staff = BooleanField("Cette personne était déjà dans l’effectif, hors clause d’insertion")

    def ask_no_employer(self) -> None:
        """An employer speaks for itself."""
        del self.employer, self.employer_siret, self.employer_name

    def offer_employers(self, employers: Sequence[tuple[str, str]]) -> None:
        """Those known around the clause, then another."""
        self.employer.choices = options([*employers, ("", "Un autre employeur")])

    def offer_people(self, people: Sequence[Known], may_be_doubles: bool = False) -> None:
        """Known people to choose from; the question goes when there are none."""
        if not may_be_doubles or not people:
            del self.is_another
        if not people:
            del self.participant
            return
        said = [(one.public_id, f"{one.name}, né·e le {format_day(one.born_on)}") for one in people]
        self.participant.choices = options([("", "Une nouvelle personne"), *said])

    def offer_holders(self, holders: Sequence[tuple[str, str]]) -> None:
        """The clause's holders; the question goes when there is one."""
        if len(holders) > 1:
            self.holder.choices = options([("", "Choisissez"), *holders])
        else:
            del self.holder

    def work(self) -> PlacementDraft:
        """The work as typed."""
        return PlacementDraft(
            contract_type=self.contract_type.data,
            means=self.means.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            weekly_hours=self.weekly_hours.data,
            site=self.site.data or "",
            tutor=self.tutor.data or "",
            was_existing_staff=bool(self.was_existing_staff.data),
        )


class EligibilityForm(ReadForm):
    """A facilitator's decision. `reason` is the reasoned opinion, `refusal_reason` what the employer will read."""

    version = IntegerField(widget=HiddenInput())
    outcome = RadioField("Votre décision", validate_choice=False)
    main_category = SelectField("Catégorie principale", validate_choice=False)
    other_categories = BoxesField("Autres catégories", [Optional()], validate_choice=False)
    rsa_status = RadioField(
        "Situation au regard du RSA",
        coerce=word_of(RsaStatus),
        choices=options((status, status.label) for status in RsaStatus),
        default=RsaStatus.NONE,
        validate_choice=False,
    )
    proof_kind = SelectField(
        "Justificatif",
        coerce=word_of(Proof),
        choices=options([("", "Choisissez"), *((proof, proof.label) for proof in Proof)]),
        validate_choice=False,
    )
    proof_issued_on = DayField("Date du justificatif", [Optional()])
    proof_seen_on = DayField("Vu le")
    proof_seen_by = TidyField("Vu par", [SHORT_LINE])
    reason = TextAreaField("Votre avis motivé", [Optional(), SHORT_TEXT])
    refusal_reason = TextAreaField("Motif du refus", [Optional(), SHORT_TEXT])

    def offer(self, edition: Edition, running_since: date | None) -> None:
        """Fills the choices of this list of publics; `running_since` is the day of a decision that still runs."""
        grant, refuse = (Outcome.GRANTED, "Accord, sur une nouvelle décision"), (Outcome.REFUSED, "Refus")
        again = (
            f"Accord sur la mise à l’emploi, avec la décision du {format_day(running_since)}" if running_since else ""
        )
        self.outcome.choices = (
            options([(REUSED, again), grant, refuse]) if again else [(Outcome.GRANTED, "Accord"), refuse]
        )
        categories = [(one.code, one.label) for one in edition.categories]
        self.main_category.choices = options([("", "Choisissez"), *categories])
        self.other_categories.choices = options(categories)

    @property
    def reuses(self) -> bool:
        """Whether an earlier decision serves again."""
        return self.outcome.data == REUSED

    def facts(self) -> DecisionFacts:
        """The decision as typed; nothing beside the reason for a refusal."""
        outcome = word_of(Outcome)(self.outcome.data)
        if outcome is not Outcome.GRANTED:
            return DecisionFacts(outcome=outcome, reason=_tidy(self.refusal_reason.data))
        return DecisionFacts(
            outcome=outcome,
            main_category=self.main_category.data or None,
            other_categories=tuple(self.other_categories.data or ()),
            rsa_status=self.rsa_status.data or RsaStatus.NONE,
            proof_kind=self.proof_kind.data,
            proof_seen_on=self.proof_seen_on.data,
            proof_seen_by=self.proof_seen_by.data or "",
            proof_issued_on=self.proof_issued_on.data,
            reason=_tidy(self.reason.data),
        )

    def take(self, objections: Iterable[Objection]) -> None:
        """Lays each objection beside its field; that of a refusal beside the reason that the employer reads."""
        is_refusal = self.outcome.data == Outcome.REFUSED
        super().take(
            replace(one, field="refusal_reason") if is_refusal and one.field == "reason" else one for one in objections
        )


class RenewalForm(ReadForm):
    """A new last day, and the version of the placement that the page showed."""

    version = HiddenField()
    ends_on = DayField("Nouveau dernier jour de travail")

    @property
    def seen_version(self) -> int:
        """The version that the page showed; 0, which is stale, when it shows none."""
        return number_of_version(self.version.data)


class EndForm(RenewalForm):
    """The last day of somebody who leaves early, and why, in words that speak of no private life."""

    ends_on = DayField("Dernier jour de travail")
    reason = RadioField(
        "Motif",
        coerce=word_of(EndReason),
        choices=options((reason, reason.label) for reason in EndReason),
        validate_choice=False,
    )
    note = TidyField("Précision", [Optional(), SHORT_LINE])

    def ending(self) -> Ending:
        """The end as typed."""
        return Ending(self.ends_on.data, self.reason.data, self.note.data or "")


def _tidy(text: str | None) -> str:
    return (text or "").replace("\x00", "").strip()
