"""A paper read as its readers do: its text, its pages, what two judges of accessibility find."""

from __future__ import annotations

import re
import shutil
import subprocess

import outloud
import pdfua
import pytest


@pytest.fixture
def poppler() -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("poppler-utils is not installed: the text of papers is not compared")


def text_of(content: bytes, tmp_path) -> str:
    """What the paper says, line by line, every space alike."""
    path = tmp_path / "lue.pdf"
    path.write_bytes(content)
    said = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    lines = (" ".join(line.replace("\u00a0", " ").split()) for line in said.splitlines())
    return "\n".join(line for line in lines if line)


def pages_of(content: bytes, tmp_path) -> int:
    path = tmp_path / "comptee.pdf"
    path.write_bytes(content)
    said = subprocess.run(["pdfinfo", path], capture_output=True, check=True, text=True).stdout
    return int(re.search(r"^Pages:\s+(\d+)$", said, re.MULTILINE)[1])


def judged(content: bytes, tmp_path) -> tuple[object, ...]:
    path = tmp_path / "feuille.pdf"
    path.write_bytes(content)
    found = outloud.check(str(path))
    return found.error, found.findings, pdfua.validate(str(path)).findings
