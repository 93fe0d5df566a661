"""The whole job, step by step, each by its person; what each sees on the way is part of the proof."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tests import builders as a
from tests.browser.hiring import (
    CLAIRE,
    HELENE,
    an_officer_brings_in_and_finds_a_contract,
    an_officer_invites_the_employer,
    an_officer_registers_a_clause,
    the_employer_enters_again_by_a_new_link,
    the_employer_enters_by_the_link_of_her_message,
    the_employer_proposes,
    the_facilitator_grants,
)
from tests.browser.live import Site
from tests.browser.months import (
    anybody_verifies,
    hours_are_the_same_for_the_officer_and_the_employer,
    text_of,
    the_employer_corrects,
    the_employer_declares_february,
    the_facilitator_accepts_the_rest,
    the_facilitator_issues_an_interim_certificate,
    the_facilitator_returns_a_line_and_accepts_another,
    the_facilitator_revokes_it,
)
from tests.browser.person import PASSWORD, Person
from tracker.accounts import actions
from tracker.accounts.rules import OrganisationKind, Role
from tracker.plumbing import clock
from tracker.plumbing.database import db


@dataclass(frozen=True)
class People:
    """Who takes part, each before a browser of their own; `anybody` has no account."""

    helene: Person  # procurement officer
    claire: Person  # facilitator
    sophie: Person  # employer, holder of the contract
    anybody: Person


def accounts_are_open() -> None:
    """Hélène buys for the Département, Claire facilitates; nobody else has an account yet."""
    buyer = a.an_organisation("Département de Loire-et-Vienne", OrganisationKind.BUYER, siret="22990001400015")
    mission = a.an_organisation("Mission insertion", OrganisationKind.CARRYING_STRUCTURE)
    for email, name, role, organisation in (
        (HELENE, ("Hélène", "Caradec"), Role.OFFICER, buyer),
        (CLAIRE, ("Claire", "Morvan"), Role.FACILITATOR, mission),
    ):
        person = actions.add_person(email, *name, a.NOW, PASSWORD)
        actions.add_membership(person, organisation, role, date(2020, 1, 1))
    db.session.commit()


def whole_job(site: Site, arrives: Callable[[], Person]) -> People:
    """From the file of published contracts to a certificate issued, verified, then revoked."""
    accounts_are_open()
    people = People(*(arrives() for _ in range(4)))
    link = a_clause_is_registered_and_its_employer_invited(site, people)
    somebody_is_hired(people)
    clock.stand_on(date(2026, 3, 3))
    the_employer_enters_again_by_a_new_link(site, people.sophie, link)
    a_month_is_declared_and_decided(site, people)
    clock.stand_on(date(2026, 3, 10))
    a_certificate_lives_and_dies(people)
    return people


def a_clause_is_registered_and_its_employer_invited(site: Site, people: People) -> str:
    """Gives the link that Sophie spent."""
    clock.stand_on(date(2026, 2, 2))
    an_officer_brings_in_and_finds_a_contract(people.helene)
    an_officer_registers_a_clause(people.helene)
    an_officer_invites_the_employer(people.helene)
    clock.stand_on(date(2026, 2, 4))
    return the_employer_enters_by_the_link_of_her_message(site, people.sophie, people.anybody)


def somebody_is_hired(people: People) -> None:
    the_employer_proposes(people.sophie, "Amina", "Diallo", "femme")
    the_employer_proposes(people.sophie, "Karim", "Benali", "homme")
    clock.stand_on(date(2026, 2, 6))
    people.claire.signs_in(CLAIRE)
    the_facilitator_grants(
        people.claire, "Amina Diallo", "Allocataires du RSA ou leurs ayants droit", "allocataire", "Attestation de RSA"
    )
    the_facilitator_grants(
        people.claire,
        "Karim Benali",
        "Demandeurs d’emploi de longue durée (plus de 12 mois)",
        "sans RSA",
        "Attestation de demande d’emploi de longue durée",
    )


def a_month_is_declared_and_decided(site: Site, people: People) -> None:
    the_employer_declares_february(people.sophie)
    the_facilitator_returns_a_line_and_accepts_another(site, people.claire)
    the_employer_corrects(people.sophie)
    the_facilitator_accepts_the_rest(people.claire)
    hours_are_the_same_for_the_officer_and_the_employer(people.helene, people.sophie)


def a_certificate_lives_and_dies(people: People) -> None:
    page = the_facilitator_issues_an_interim_certificate(people.claire)
    anybody_verifies(people.anybody, text_of(people.claire.takes("Télécharger le PDF")), page)
    the_facilitator_revokes_it(people.claire)
    people.anybody.opens(page)
    people.anybody.sees("Attestation révoquée", "n’a plus aucune valeur", "Heures comptées deux fois.")
    people.anybody.sees_no("97,50")
