"""The paper of a certificate: its frozen facts in French words, then its HTML, then its PDF.

Everything comes from the facts; nothing is asked again, nothing is computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import segno
from flask import current_app

from tracker.certificates.documents.words import (
    Facts,
    contract_of,
    day,
    grouped,
    hours,
    identity_of,
    percent,
    signed,
    taken_away,
)
from tracker.certificates.rules import Kind, outcome
from tracker.plumbing import pdf
from tracker.plumbing.charts import gauge_geometry
from tracker.plumbing.drawings import gauge_image, palette
from tracker.plumbing.formats import french_moment, short_hours
from tracker.vocabulary.frozen import fingerprint
from tracker.vocabulary.hours import format_hours
from tracker.vocabulary.words import plural

Row = dict[str, Any]
GROUP = 16
HALF_CODE = 5
ROWS_AT_EASE = 7
TONES = {"": "green", "watch": "ochre", "plain": "blue"}


@dataclass(frozen=True)
class Paper:
    """What one sheet says, every text ready to print."""

    number: str
    version: int
    kind: str
    issued_on: str
    created_at: str
    issuer_line: str
    title: str
    hours: str
    beside: str
    band_kind: str
    gauge: str
    gauge_said: str
    facts: list[tuple[str, str, str]]
    steps: list[Row]
    means: list[Row]
    reservations: list[str]
    signatures: list[tuple[str, str, str]]
    qr: str
    address: str
    address_shown: str
    check_code: str
    fingerprint: str
    basis: str

    @property
    def is_dense(self) -> bool:
        """Whether there is more to say than a sheet holds at ease."""
        return bool(self.reservations) or len(self.steps) > ROWS_AT_EASE


def draw(facts: Facts) -> bytes:
    """The certificate's file: one A4 sheet, or more when names and events are long; never cut."""
    return pdf.render(html_of(facts))


def html_of(facts: Facts) -> str:
    """The page of a certificate, for the engine that prints it; it needs no request."""
    template = current_app.jinja_env.get_template("documents/certificate.html")
    site = {
        "department_name": facts["department"],
        "service_name": current_app.config["SERVICE_NAME"],
    }
    return template.render(paper=paper_of(facts, current_app.config["BASE_URL"]), site=site)


def paper_of(facts: Facts, base_url: str) -> Paper:
    """The facts in words."""
    result = outcome(Decimal(facts["due"]), Decimal(facts["counted"]))
    band_kind = band_kind_of(facts)
    due_label = f"{short_hours(result.due)} dues"
    return Paper(
        number=facts["number"],
        version=facts["version"],
        kind=Kind(facts["kind"]).label,
        issued_on=day(facts["issued_on"]),
        created_at=facts["issued_at"],
        issuer_line=facts["structure"],
        title=result.heading if result.is_met else f"{result.heading} : il manque {format_hours(result.balance)}",
        hours=format_hours(result.counted),
        beside=_beside(facts),
        band_kind=band_kind,
        gauge=gauge_image(gauge_geometry(result.due, result.counted), due_label, TONES[band_kind]),
        gauge_said=f"Réglet : {result.sentence}",
        facts=_facts(facts),
        steps=list(_steps(facts)),
        means=list(_means(facts)),
        reservations=reservations_of(facts),
        signatures=_signatures(facts),
        qr=_qr(f"{base_url}/verifier/{facts['code']}"),
        address=f"{base_url}/verifier",
        address_shown=f"{base_url.rsplit('://', maxsplit=1)[-1]}/verifier",
        check_code=f"{facts['check_code'][:HALF_CODE]}-{facts['check_code'][HALF_CODE:]}",
        fingerprint=grouped(fingerprint(facts), GROUP),
        basis=basis_of(facts),
    )


def band_kind_of(facts: Facts) -> str:
    """Green when the objective is met; blue on the way; ochre when a final certificate misses it."""
    if facts["is_met"]:
        return ""
    return "watch" if facts["kind"] == Kind.FINAL else "plain"


def basis_of(facts: Facts) -> str:
    """« Condition d’exécution (Code de la commande publique, art. L2112-2 ; CCAG-Travaux ; CCAP, article 8.2) »."""
    basis = facts["basis"]
    texts = " ; ".join([*basis["texts"], *filter(None, [basis["article"]])])
    return f"{basis['lever']} ({texts})"


def reservations_of(facts: Facts) -> list[str]:
    """What limits the certificate: months still open on the day of issue, then what the facilitator wrote."""
    months = facts["open_months"]
    said = [f"Mois ouverts à la date de délivrance, sans effet sur les heures validées : {'; '.join(months)}."]
    return [*(said if months else []), *filter(None, [facts["reservations"]])]


def _beside(facts: Facts) -> str:
    said = f"validées pour {hours(facts['due'])} dues"
    if facts["percent"]:
        said += f", soit {percent(facts['percent'])}"
    return said + (f", excédent {hours(facts['surplus'])}" if Decimal(facts["surplus"]) else "")


def _facts(facts: Facts) -> list[tuple[str, str, str]]:
    holder, people = facts["holder"], facts["participants"]
    members = f", mandataire avec {', '.join(member['name'] for member in facts['members'])}"
    return [
        ("Titulaire", holder["name"], identity_of(holder) + (members if facts["members"] else "")),
        ("Acheteur", facts["buyer"]["name"], identity_of(facts["buyer"])),
        ("Marché", contract_of(facts), facts["contract"]["object"]),
        ("Exécution", f"Du {day(facts['starts_on'])} au {day(facts['ends_on'])}", ""),
        ("Participants", plural(people, "personne") if people else "Aucune personne", "avec des heures validées"),
        ("Facilitation", facts["facilitator"] or "à compléter", facts["structure"]),
    ]


def _steps(facts: Facts) -> Iterator[Row]:
    """« Décompte des heures »: what makes the hours due, then what becomes of the declared ones, to the validated."""
    for rank, event in enumerate(facts["events"]):
        yield _step(event["label"], event["source"], signed(event["hours"]) if rank else hours(event["hours"]))
    yield _step("Dues", "", hours(facts["due"]), is_sum=True)
    said = plural(facts["declarations"], "déclaration") if facts["declarations"] else "aucune déclaration"
    yield _step("Déclarées", said, hours(facts["declared"]))
    for label, source, name in (
        ("En attente de contrôle", "", "pending"),
        ("Écartées après contrôle", "motifs notifiés", "refused"),
        ("Non prises en compte", "dates ou accord", "not_counted"),
    ):
        if Decimal(facts[name]):
            yield _step(label, source, taken_away(facts[name]))
    yield _step("Validées", "", hours(facts["counted"]), is_sum=True)


def _step(label: str, source: str, figure: str, is_sum: bool = False) -> Row:
    return {"cells": [label, source, figure], "sum": is_sum}


def _means(facts: Facts) -> Iterator[Row]:
    for one in facts["by_means"]:
        label = one["label"][0].upper() + one["label"][1:]
        yield {"cells": [label, percent(one["percent"]), hours(one["hours"])], "sum": False}
    if facts["by_means"]:
        yield {"cells": ["Ensemble", "100 %", hours(facts["counted"])], "sum": True}


def _signatures(facts: Facts) -> list[tuple[str, str, str]]:
    moment = french_moment(datetime.fromisoformat(facts["issued_at"]))
    return [
        ("Pour la structure porteuse", facts["issued_by"], f"Délivrée le {moment}"),
        ("Visa de l’acheteur", "", ""),
    ]


def _qr(address: str) -> str:
    return segno.make(address, error="m", micro=False).svg_data_uri(dark=palette()["ink"], border=0)
