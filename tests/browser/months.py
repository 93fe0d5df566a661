"""The second half of the job: a month declared, returned, corrected, accepted; a certificate issued and revoked."""

import re
import subprocess

from playwright.sync_api import Locator

from tests.browser.hiring import OBJECT, SOPHIE
from tests.browser.live import Site
from tests.browser.person import Person, tidied

NUMBER, CHECK_CODE = re.compile(r"\bAR-\d{4}-\d{4}\b"), re.compile(r"contrôle ([0-9A-Z]{5}-[0-9A-Z]{5})\b")
REASON = "Le relevé signé dit 97 h 30."


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
