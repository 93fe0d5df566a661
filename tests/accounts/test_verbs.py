"""The journal reads in French: every verb that the actions write has its words."""

import ast
from pathlib import Path

from tracker.accounts.rules import VERBS

TRACKER = Path(__file__).parents[2] / "tracker"


def verbs_written() -> set[str]:
    """The first argument of each call that writes in the journal, when it is a plain word."""
    found = set()
    for path in TRACKER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
            if name in ("write_journal", "_journal") and node.args and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    return found


def test_every_verb_written_has_its_french_words():
    assert verbs_written() - set(VERBS) == set()


def test_no_words_stand_for_a_verb_that_nobody_writes():
    # Chosen at the moment of writing, or written by the hundred.
    indirect = {"eligibility_granted", "eligibility_refused", "contract_imported", "contract_republished"}
    assert set(VERBS) - verbs_written() - indirect == set()
