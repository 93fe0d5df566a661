"""The published names and labels of the open data (DECP 1.3 to 2.0.3), each beside ours.

Source: https://github.com/139bercy/format-commande-publique, schemas 1.5.0, 2.0.0 and 2.0.3. Labels are compared
without accents or case: « Code departement » and « Maîtrise d’œuvre » are found as often as the official spelling.
"""

from __future__ import annotations

from typing import NamedTuple

from tracker.contracts.exchange.drafts import ContractKind
from tracker.contracts.rules.levers import Ccag

SOCIAL_CLAUSE = "Clause sociale"
IDENTIFIER_KINDS = {
    "siret": "SIRET",
    "tva": "TVA",
    "tahiti": "TAHITI",
    "ridet": "RIDET",
    "frwf": "FRWF",
    "irep": "IREP",
    "ue": "UE",
    "hors ue": "HORS-UE",
}
PLACE_KINDS = {
    "code postal": "Code postal",
    "code commune": "Code commune",
    "code arrondissement": "Code arrondissement",
    "code canton": "Code canton",
    "code departement": "Code département",
    "code region": "Code région",
    "code pays": "Code pays",
}
CCAGS = {
    "travaux": Ccag.TRAVAUX,
    "fournitures courantes et services": Ccag.FCS,
    "prestations intellectuelles": Ccag.PI,
    "techniques de l information et de la communication": Ccag.TIC,
    "marches industriels": Ccag.MI,
    "maitrise d oeuvre": Ccag.MOE,
    "pas de ccag": Ccag.NONE,
}
NO_CONSIDERATION = ""
CONSIDERATIONS = {
    "clause sociale": SOCIAL_CLAUSE,
    "critere social": "Critère social",
    "marche reserve": "Marché réservé",
    "concession reservee": "Concession réservée",
    "pas de consideration sociale": NO_CONSIDERATION,
}
SECOND_EDITION_NAMES = {
    "considerationsSociales",
    "considerationsEnvironnementales",
    "marcheInnovant",
    "offresRecues",
    "ccag",
    "typePrix",
    "typesPrix",
    "technique",
    "techniques",
    "modaliteExecution",
    "modalitesExecution",
    "attributionAvance",
    "sousTraitanceDeclaree",
}


class Names(NamedTuple):
    """What a family of contracts calls its things in the published record."""

    buyer: str
    holders: str
    holder: str
    notified_on: str
    modified_on: str
    amount: str


MARKET_NAMES = Names(
    "acheteur", "titulaires", "titulaire", "dateNotification", "dateNotificationModification", "montant"
)
CONCESSION_NAMES = Names(
    "autoriteConcedante",
    "concessionnaires",
    "concessionnaire",
    "dateSignature",
    "dateSignatureModification",
    "valeurGlobale",
)
NAMES = {ContractKind.MARKET: MARKET_NAMES, ContractKind.CONCESSION: CONCESSION_NAMES}
