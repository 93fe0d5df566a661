"""A machine without Chromium: the run fails with one line that says what to install; nothing is skipped."""

import shutil

import pytest

from tests.browser.live import chromium_at_work


def test_without_chromium_the_run_fails_and_says_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(RuntimeError, match="apt-get install chromium"), chromium_at_work():
        pytest.fail("no browser was found, and yet the run went on")
