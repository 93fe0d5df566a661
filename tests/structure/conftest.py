"""The real house, and small ones with a breach in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.structure.reading import House, real_house


@pytest.fixture(scope="session")
def house() -> House:
    return real_house()


@pytest.fixture
def house_of(tmp_path: Path) -> Callable[[dict[str, str]], House]:
    """A house made of these files: `house_of({"tracker/hours/rules.py": "import os"})`."""

    def build(files: dict[str, str]) -> House:
        for path, text in files.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return House(tmp_path)

    return build
