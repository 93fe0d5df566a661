"""One table: what was measured, ours, its peer, how many times the peer's, and what to know of it."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

HEAD = ("What", "Ours", "Peer", "Ratio", "Note")
NUMBERS = (1, 2, 3)


@dataclass(frozen=True)
class Row:
    """One measure, its figures ready to print."""

    what: str
    ours: str
    peer: str = ""
    ratio: str = ""
    note: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        return self.what, self.ours, self.peer, self.ratio, self.note


def compared(what: str, ours: float, peer: float, show: Callable[[float], str], note: str = "") -> Row:
    """A row whose ratio is ours over the peer's."""
    return Row(what, show(ours), show(peer), f"{ours / peer:.1f} ×", note)


def milliseconds(seconds: float) -> str:
    """« 12.3 ms »."""
    return f"{seconds * 1000:.1f} ms"


def megabytes(size: float) -> str:
    """« 12.3 MB », of a million bytes."""
    return f"{size / 1e6:.1f} MB"


def timed(act: Callable[[], object]) -> float:
    """Seconds that one run takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def raced(acts: Sequence[Callable[[], object]], runs: int, warm: int = 3) -> list[float]:
    """The median time of each, run in turn so that a busy machine slows all alike; a few first runs are not counted."""
    for _ in range(warm):
        for act in acts:
            act()
    taken = [[timed(act) for act in acts] for _ in range(runs)]
    return [median(times) for times in zip(*taken, strict=True)]


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown, aligned for a terminal too."""
    lines = [HEAD, *(row.cells for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEAD))]

    def written(cells: Sequence[str]) -> str:
        padded = [cell.rjust(width) if at in NUMBERS else cell.ljust(width) for at, (cell, width) in _at(cells, widths)]
        return f"| {' | '.join(padded)} |"

    rule = [f"{'-' * (width - 1)}{':' if at in NUMBERS else '-'}" for at, width in enumerate(widths)]
    return "\n".join([written(HEAD), f"| {' | '.join(rule)} |", *(written(row.cells) for row in rows)])


def _at(cells: Sequence[str], widths: Sequence[int]) -> enumerate[tuple[str, int]]:
    return enumerate(zip(cells, widths, strict=True))


def machine() -> str:
    """On what the figures were taken."""
    load = f"load {os.getloadavg()[0]:.1f} at the start"
    python = f"Python {platform.python_version()}"
    return f"{_processor()}, {os.cpu_count()} cores, {_memory()}, {platform.system()}, {python}, {load}"


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
