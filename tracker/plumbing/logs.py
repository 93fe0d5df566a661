"""Logs as structured lines: JSON on a server, readable in the demonstration, beside the terminal's own words."""

import logging
import sys
from pathlib import Path
from typing import Any

import structlog

# One list for the life of the process: loggers already made follow when it is set up again.
PROCESSORS: list[Any] = []


def set_up(readable: bool, path: str = "") -> None:
    """Configures structlog; the lines go to the file at `path`, to standard error without one."""
    shared = [structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    last = structlog.dev.ConsoleRenderer(colors=False) if readable else structlog.processors.JSONRenderer()
    # Opened for the life of the process: each line is flushed as it is written.
    output = Path(path).open("a", encoding="utf-8", buffering=1) if path else sys.stderr  # noqa: SIM115 - see above
    PROCESSORS[:] = [*shared, structlog.processors.format_exc_info, last]
    structlog.configure(
        processors=PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(output),
        cache_logger_on_first_use=True,
    )


class _AsLines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger(record.name).warning(record.getMessage(), level_name=record.levelname)


def hear_libraries() -> None:
    """Gives what libraries complain of through `logging` as lines like ours; no traceback, which may hold a name."""
    logging.getLogger().addHandler(_AsLines(logging.WARNING))
