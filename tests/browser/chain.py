"""The whole job, step by step, each by its person; what each sees on the way is part of the proof."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from playwright.sync_api import Locator

from tests import builders as a
from tests.browser.live import Site
from tests.browser.person import PASSWORD, Person, tidied
from tracker.accounts import actions
from tracker.accounts.rules import OrganisationKind, Role
from tracker.plumbing import clock
from tracker.plumbing.database import db

PUBLISHED = Path(__file__).parents[2] / "docs" / "exemples" / "decp-2.0.3.json"
HELENE, CLAIRE, SOPHIE = (
    "helene.caradec@loire-et-vienne.fr",
    "claire.morvan@mission-insertion.fr",
    "sophie@guerin-construction.fr",
)
LINK = re.compile(r"http://127\.0\.0\.1:\d+(/lien/[\w-]+)")
NUMBER, CHECK_CODE = re.compile(r"\bAR-\d{4}-\d{4}\b"), re.compile(r"contrôle ([0-9A-Z]{5}-[0-9A-Z]{5})\b")
REASON = "Le relevé signé dit 97 h 30."
OBJECT = "Réhabilitation énergétique du collège Jean-Zay, lot 1 : gros œuvre et façades"


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


def an_officer_brings_in_and_finds_a_contract(helene: Person) -> None:
    helene.signs_in(HELENE)
    helene.follows("Marchés")
    helene.follows("Importer des marchés")
    helene.attaches("Fichier de données essentielles (JSON)", PUBLISHED)
    helene.presses("Importer ce fichier")
    helene.sees("mis de côté")
    helene.follows("Voir les marchés")
    helene.writes({"Rechercher un marché": "rehabilitation facades guerin"})
    helene.presses("Rechercher")
    helene.follows(OBJECT)
    helene.sees("Guérin Construction", "Clause sociale publiée", "Aucune clause enregistrée")


def an_officer_registers_a_clause(helene: Person) -> None:
    helene.follows("Enregistrer une clause")
    helene.writes(
        {
            "Article": "CCAP, article 8.2",
            "Périmètre": "tout le lot",
            "Facilitation confiée à": "Claire Morvan, Mission insertion",
            "Pour joindre la facilitation": "Claire Morvan, mission insertion",
            "Début d’exécution": "02/02/2026",
            "Heures dues": "Calculer d’après le montant",
            "Fin d’exécution": "31/10/2026",
            "Part de main-d’œuvre": "50",
            "Effort d’insertion": "5",
            "Coût d’une heure": "28",
        }
    )
    helene.presses("Calculer")
    helene.sees(
        "Part réservée à l’insertion 37 157,50 €",
        "1 327 h",
        "En journées de 7 h 189,57",
        "Rien n’est encore enregistré",
    )
    helene.presses("Enregistrer la clause")
    helene.sees("La clause est enregistrée", "1 327,00 h")


def an_officer_invites_the_employer(helene: Person) -> None:
    helene.follows("Inviter ou relancer")
    helene.writes({"Adresse électronique": SOPHIE, "Prénom": "Sophie", "Nom": "Guérin"})
    helene.presses("Envoyer l’invitation")
    helene.sees(f"Le lien part à l’adresse {SOPHIE}")


def the_employer_enters_by_the_link_of_her_message(site: Site, sophie: Person, scanner: Person) -> str:
    link = link_sent_to_sophie(site)
    assert scanner.opens(link).status == 200, "a program that opens every link of a mail spends nothing"
    sophie.opens(link)
    sophie.presses("Entrer dans le service")
    sophie.sees("À faire", "Sophie Guérin", "Guérin Construction")
    return link


def link_sent_to_sophie(site: Site) -> str:
    """The address that signs in, in the next letter that carries one."""
    found = None
    while found is None:
        found = LINK.search(site.mailbox.next_to(SOPHIE).get_content())
    return found[1]


def the_employer_proposes(sophie: Person, given_name: str, family_name: str, sex: str) -> None:
    sophie.follows("Marchés")
    sophie.follows(OBJECT)
    sophie.follows("Tout le lot")
    sophie.follows("Proposer une personne")
    sophie.writes(
        {
            "Prénom": given_name,
            "Nom": family_name,
            "Date de naissance": "17/05/1990",
            "Sexe": sex,
            "Commune : nom ou code postal": "37000 Tours",
            "Type de contrat": "CDD",
            "Modalité de mise en œuvre": "embauche directe",
            "Heures par semaine": "35",
            "Premier jour de travail": "09/02/2026",
            "Dernier jour de travail": "31/07/2026",
            "Poste": "ouvrière polyvalente",
            "Lieu de travail": "Collège Jean-Zay",
            "Tuteur ou tutrice": "Marc Guérin",
        }
    )
    sophie.presses("Proposer cette personne")
    sophie.sees("La proposition est enregistrée", "À l’étude", "La facilitation décide")


def the_facilitator_grants(claire: Person, name: str, category: str, rsa: str, proof: str) -> None:
    claire.follows("À faire")
    claire.follows(name)
    claire.writes(
        {
            "Votre décision": "Accord",
            "Catégorie principale": category,
            "Situation au regard du RSA": rsa,
            "Justificatif": proof,
        }
    )
    claire.presses("Enregistrer et notifier l’employeur")
    claire.sees("La décision est enregistrée", "Accord du 06/02/2026")


def the_employer_enters_again_by_a_new_link(site: Site, sophie: Person, spent: str) -> None:
    sophie.presses("Se déconnecter")
    sophie.opens(spent)
    sophie.sees("Ce lien ne fonctionne plus")
    sophie.presses("Recevoir un nouveau lien")
    sophie.sees("Un nouveau lien vient de partir")
    sophie.opens(link_sent_to_sophie(site))
    sophie.presses("Entrer dans le service")
    sophie.sees("À faire", "Sophie Guérin")


def the_employer_declares_february(sophie: Person) -> None:
    sophie.follows(f"Février 2026, {OBJECT}")
    amina, karim = sophie.row("Amina Diallo"), sophie.row("Karim Benali")
    hours(amina).fill("quinze jours")
    hours(karim).fill("400")
    sophie.presses("Transmettre la déclaration")
    sophie.sees("3 points à corriger")
    sophie.sees("Écrivez un nombre d’heures", within=amina)
    sophie.sees("400,00 h dépassent ce que la loi permet sur 20 jours (171,43 h)", within=karim)
    assert hours(amina).input_value() == "quinze jours"
    assert hours(karim).input_value() == "400"
    hours(amina).fill("7h30")
    hours(karim).fill("")
    sophie.ticks("Aucune heure ce mois-ci", within=karim)
    sophie.ticks("J’atteste sur l’honneur")
    sophie.presses("Transmettre la déclaration")
    sophie.sees("1 déclaration transmise pour février 2026", "7,50 h")


def hours(entry: Locator) -> Locator:
    """Where a person's hours are typed."""
    return entry.get_by_role("textbox")


def the_facilitator_returns_a_line_and_accepts_another(site: Site, claire: Person) -> None:
    claire.follows("À faire")
    claire.follows("Guérin Construction, février 2026")
    claire.writes({"Votre décision pour Amina Diallo": "Demander une correction"})
    claire.presses("Enregistrer et notifier")
    claire.sees("Écrivez ce qu’il faut corriger", within=claire.row("Amina Diallo"))
    claire.writes({"Message à l’employeur": REASON}, within=claire.row("Amina Diallo"))
    claire.writes({"Votre décision pour Karim Benali": "Accepter"})
    claire.presses("Enregistrer et notifier")
    claire.sees("À corriger")
    assert REASON in site.mailbox.next_to(SOPHIE).get_content()


def the_employer_corrects(sophie: Person) -> None:
    sophie.follows("À faire")
    sophie.sees("1 déclaration à corriger")
    sophie.sees_no("Février 2026, ")  # what came back waits once
    sophie.follows("Guérin Construction, février 2026")
    amina = sophie.row("Amina Diallo")
    sophie.sees(REASON, within=amina)
    assert hours(amina).input_value() == "7,50"
    hours(amina).fill("97h30")
    sophie.ticks("J’atteste sur l’honneur")
    sophie.presses("Transmettre la déclaration")
    sophie.sees("1 déclaration transmise pour février 2026", "97,50 h")


def the_facilitator_accepts_the_rest(claire: Person) -> None:
    claire.follows("À faire")
    claire.follows("Guérin Construction, février 2026")
    claire.presses("Accepter les lignes sans anomalie")
    claire.presses("Enregistrer et notifier")
    claire.sees("97,50 h")
    claire.follows("Marchés")
    claire.follows(OBJECT)
    claire.sees("dues 1 327,00 h", "déclarées 97,50 h", "validées 97,50 h", "restantes 1 229,50 h")


def hours_are_the_same_for_the_officer_and_the_employer(helene: Person, sophie: Person) -> None:
    for person in (helene, sophie):
        person.follows("Marchés")
        person.follows(OBJECT)
        person.sees("validées 97,50 h", "restantes 1 229,50 h")
        person.sees_no("RSA", "longue durée")
    helene.sees_no("Amina")


def the_facilitator_issues_an_interim_certificate(claire: Person) -> str:
    claire.follows("Tout le lot")
    claire.follows("Délivrer une attestation")
    claire.sees("Heures validées 97,50 h", "Seule une attestation intermédiaire est possible aujourd’hui")
    claire.writes({"Nature de l’attestation": "intermédiaire"})
    claire.presses("Délivrer l’attestation")
    claire.sees("L’attestation est délivrée", "Valide")
    return claire.link_to("Page de vérification")


def text_of(pdf: bytes) -> str:
    """What a PDF says, as poppler reads it."""
    assert pdf.startswith(b"%PDF-")
    command = ["pdftotext", "-layout", "-", "-"]
    return tidied(subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode())


def anybody_verifies(anybody: Person, paper: str, code_page: str) -> None:
    anybody.opens(code_page)
    anybody.sees("valide", "97,50 h", "Guérin Construction")
    anybody.sees_no("Amina", "Diallo", "Karim", "RSA")
    anybody.opens("/verifier")
    (number,), (check_code,) = set(NUMBER.findall(paper)), set(CHECK_CODE.findall(paper))
    anybody.writes({"Numéro de l’attestation": number, "Code de contrôle": check_code.lower()})
    anybody.presses("Vérifier")
    anybody.sees("valide", "97,50 h")


def the_facilitator_revokes_it(claire: Person) -> None:
    claire.follows("Révoquer")
    claire.presses("Révoquer l’attestation")
    claire.sees("Un point à corriger")
    claire.writes({"Motif de la révocation": "Heures comptées deux fois."})
    claire.presses("Révoquer l’attestation")
    claire.sees("L’attestation est révoquée")
