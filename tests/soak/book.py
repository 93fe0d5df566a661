"""The book: what the visitors were answered, entry by entry, and what must therefore be true at the end.

Standard library only: Locust's process writes it, the judge reads it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import quantiles
from typing import Any

Entry = dict[str, Any]
FINAL = frozenset({"accept", "refuse"})
MOST_FAULTS_SHOWN = 20
# A line of the book: the key of a cell, « <public id of the placement>-<part> », and its month.
Line = tuple[str, str]


@dataclass
class Book:
    """Every entry added, read as it comes.

    `versions`: the hours sent for each line, one a version; `rulings`: what was decided of each version. A month or a
    decision whose answer was lost stands here once its author has read again what became of it.
    """

    versions: dict[Line, list[Decimal]] = field(default_factory=lambda: defaultdict(list))
    rulings: dict[Line, list[str]] = field(default_factory=lambda: defaultdict(list))
    decided: Counter[str] = field(default_factory=Counter)
    sent: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    durations: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    tally: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0
    is_over: bool = False

    def add(self, entry: Entry) -> None:
        """Takes one entry in."""
        what = entry["what"]
        self.tally[what] += 1
        self.seconds = max(self.seconds, entry.get("at", 0.0))
        if what == "asked":
            self._answered(entry)
        elif what == "sent":
            self._sent(entry)
        elif what == "decided":
            self._decided(entry)
        elif what == "fault":
            self.faults.append(entry["said"])
        elif what == "over":
            self.is_over = True

    def _answered(self, entry: Entry) -> None:
        if entry["status"]:
            self.durations[entry["kind"]].append(entry["ms"])
        else:
            self.tally["connection lost"] += 1

    def _sent(self, entry: Entry) -> None:
        for clause in entry["clauses"]:
            self.sent[entry["employer"], entry["month"], clause] += 1
        self.tally[f"sent, {entry['how']}"] += 1
        for key, hours in entry["lines"].items():
            self.versions[key, entry["month"]].append(Decimal(hours))

    def _decided(self, entry: Entry) -> None:
        self.decided[entry["declaration"]] += 1
        self.tally[f"decided, {entry['how']}"] += 1
        for key, ruling in entry["lines"].items():
            self.tally[f"line {ruling}"] += 1
            self.rulings[key, entry["month"]].append(ruling)

    @property
    def answers(self) -> int:
        return sum(len(times) for times in self.durations.values())

    @property
    def accepted(self) -> dict[Line, Decimal]:
        """The hours that count: those of the version that was accepted."""
        return {line: sent[-1] for line, sent in self.versions.items() if "accept" in self.rulings.get(line, [])}

    def inconsistencies(self) -> Iterable[str]:
        """What the book alone shows to be wrong: a version that two people, or nobody, decided."""
        for line, sent in self.versions.items():
            # Not in their order: who was answered late writes late.
            decided = self.rulings.get(line, [])
            if len(decided) != len(sent) or sum(ruling in FINAL for ruling in decided) != 1:
                yield f"{line}: sent {len(sent)} times, decided {decided}"
        yield from (f"{line}: decided and never sent" for line in self.rulings if line not in self.versions)

    def report(self, kills: Counter[str]) -> str:
        """What the run did, for whoever reads the terminal."""
        lines = [f"{self.answers} answers in {self.seconds:.0f} s, {self.answers / max(self.seconds, 1):.1f} a second"]
        lines.append("kills: " + ", ".join(f"{count} of {name}" for name, count in sorted(kills.items())))
        lines.append(f"{'request':24}{'answers':>9}{'p50 ms':>9}{'p95 ms':>9}")
        for kind, times in sorted(self.durations.items()):
            p50, p95 = _percentile(times, 50), _percentile(times, 95)
            lines.append(f"{kind:24}{len(times):>9}{p50:>9.0f}{p95:>9.0f}")
        hidden = {"asked", "about", "sent", "decided", "over", "fault"}
        lines += [f"{what}: {count}" for what, count in sorted(self.tally.items()) if what not in hidden]
        lines.append(f"hours accepted: {sum(self.accepted.values(), Decimal(0))} on {len(self.accepted)} lines")
        return "\n".join(lines + self.faults[:MOST_FAULTS_SHOWN])


def _percentile(times: list[float], rank: int) -> float:
    return quantiles(times, n=100)[rank - 1] if len(times) > 1 else times[0]
