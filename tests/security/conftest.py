"""The world these tests walk through, served as in production: a failure is a page with its code."""

import pytest

from tests.communes import communes
from tests.security.world import drawn, world

__all__ = ["communes", "drawn", "world"]


@pytest.fixture(autouse=True)
def _served(whole_app, monkeypatch):
    monkeypatch.setitem(whole_app.config, "PROPAGATE_EXCEPTIONS", False)
