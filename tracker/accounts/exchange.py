"""Messages about access, as plain text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mail:
    """A message before it is addressed: its subject and its text."""

    subject: str
    body: str


def link_mail(service: str, department: str, organisation: str, address: str, why: str) -> Mail:
    """The message that carries an access link; `why` is the sentence that says what brings it."""
    return Mail(
        subject=f"{organisation} : votre accès à « {service} »",
        body=f"""Bonjour,

{why}

Ouvrez ce lien pour entrer, sans mot de passe :

{address}

Il sert une seule fois, pendant 7 jours. S’il ne fonctionne plus, la page vous propose d’en recevoir un nouveau.
Vous n’attendiez pas ce message ? Ne faites rien : personne n’entre sans ce lien.

{department}
{service}
""",
    )
