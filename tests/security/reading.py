"""An answer read to the last word: its headers, its page, the cells of its spreadsheet, the text of its paper."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import pytest
import structlog

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def words_of(answer) -> str:
    """Everything an answer says, in lower case."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    body = answer.data
    answer.close()
    return f"{headers}\n{_text(answer.mimetype, body)}".lower()


def _text(media_type: str, body: bytes) -> str:
    if media_type == XLSX:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    if media_type == "application/pdf":
        return _paper(body)
    return body.decode("utf-8", "replace")


@lru_cache
def _paper(body: bytes) -> str:
    """What a reader of the file sees, and what its properties say."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed: no paper can be read")
    return _said(["pdftotext", "-layout", "-", "-"], body) + _said(["pdfinfo", "-"], body)


def _said(command: list[str], body: bytes) -> str:
    return subprocess.run(command, input=body, capture_output=True, check=True).stdout.decode()


@contextmanager
def logged() -> Iterator[list[str]]:
    """Each line of the log as it is written, in lower case."""
    lines: list[str] = []
    processors = structlog.get_config()["processors"]
    write = processors[-1]

    def keep(*arguments):
        line = write(*arguments)
        lines.append(str(line).lower())
        return line

    # In place: loggers already made hold this very list.
    processors[-1] = keep
    try:
        yield lines
    finally:
        processors[-1] = write
