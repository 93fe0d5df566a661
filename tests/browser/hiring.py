"""The first half of the job: a contract brought in, its clause registered, its employer invited, people hired."""

import re
from pathlib import Path

from tests.browser.live import Site
from tests.browser.person import Person

PUBLISHED = Path(__file__).parents[2] / "docs" / "exemples" / "decp-2.0.3.json"
HELENE, CLAIRE, SOPHIE = (
    "helene.caradec@loire-et-vienne.fr",
    "claire.morvan@mission-insertion.fr",
    "sophie@guerin-construction.fr",
)
LINK = re.compile(r"http://127\.0\.0\.1:\d+(/lien/[\w-]+)")
LIMIT = "Entrée par lien : marché 2025-BAT-014 seulement."
OBJECT = "Réhabilitation énergétique du collège Jean-Zay, lot 1 : gros œuvre et façades"


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
    sophie.sees("À faire", "Sophie Guérin", "Guérin Construction", LIMIT)
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
    sophie.sees("À faire", "Sophie Guérin", LIMIT)
