"""Messages about declarations, as plain text."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.accounts.exchange import Mail


@dataclass(frozen=True)
class DecidedLine:
    """A line as its message tells it: the person, the days, the hours, what was decided, and the reason as written."""

    person: str
    days: str
    hours: str
    outcome: str
    reason: str = ""

    @property
    def text(self) -> str:
        said = f"- {self.person}, {self.days} : {self.hours}, {self.outcome}."
        reason = "\n  ".join(self.reason.splitlines())
        return f"{said}\n  {reason}" if reason else said


def decision_mail(title: str, month: str, lines: Sequence[DecidedLine], address: str, signature: str) -> Mail:
    """What was decided of a declaration, told to the employer; the reasons stand exactly as they were written.

    `month`: « de mars 2026 ».
    """
    to_correct = any(line.outcome == "à corriger" for line in lines)
    act = "Corrigez les lignes signalées, puis transmettez de nouveau :" if to_correct else "Le détail est ici :"
    said = "\n".join(line.text for line in lines)
    return Mail(
        subject=f"Déclaration {month} : {'à corriger' if to_correct else 'décision'}",
        body=f"""Bonjour,

Votre déclaration {month} pour « {title} » a reçu sa décision.

{said}

{act}

{address}

{signature}
""",
    )
