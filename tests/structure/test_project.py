"""The project around the code: its map of rooms, its lint, no path of a machine, no page fetched from elsewhere."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable

import pytest

from tests.structure.reading import House, none_of
from tracker import ROOMS

Build = Callable[[dict[str, str]], House]

# The rules of house.md, under « Names, docstrings, tests, habits ».
RUFF_RULES = {"E", "W", "F", "I", "UP", "B", "C4", "C90", "SIM", "RET", "PT", "RUF", "N", "PL", "PIE", "ISC", "TID"}
RUFF_RULES |= {"T20", "DTZ"}
LINE_LENGTH = 120
# Folders that only one machine has, or that nobody may count on; written so that this file does not find itself.
FOLDERS = "(?:" + "|".join(word[::-1] for word in ("krow", "pmt", "emoh", "toor", "sresU")) + ")"
# At the start of a word or of a quoted text; « /tmp-file », « ./tmp » and « https://a.fr/home » are none.
MACHINE = re.compile(rf"(?<![\w.~:/}})<])/{FOLDERS}(?![\w-])(?:/[\w.]|[\"'`\s)]|$)")
# Where such a path must stand, and why.
NEEDED_PATHS = {
    "tracker/plumbing/embedded/place.py": "a socket's path holds 107 bytes: the shortest folder everybody may write in",
}
READ = (".py", ".html", ".css", ".js", ".md", ".toml", ".txt", ".cfg", ".ini", ".sh", ".yml", ".yaml", ".mako")
READ_WHOLE = {"Makefile", ".ci/run", ".gitignore"}
FETCHED = {
    ".html": re.compile(
        r"<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\ssrc\s*=\s*[\"']?(?:https?:)?//", re.I
    ),
    ".css": re.compile(r"url\(\s*[\"']?(?:https?:)?//|@import", re.I),
    ".js": re.compile(r"\b(?:fetch|import)\s*\(\s*[\"'`]https?:|from\s+[\"']https?:", re.I),
}
FETCHED_LINK = re.compile(r"<link\b[^>]*\shref\s*=\s*[\"']?(?:https?:)?//", re.I)
BROWSING = {"requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client", "ftplib"}
SUPPRESSION = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b(?P<codes>:[ A-Z0-9,]+\b|\[[\w, -]+\])?(?P<reason>.*)$")
WORDS_OF_A_REASON = 2
ROW = re.compile(r"^\|\s*`?(?:tracker/)?([a-z_]+)/?`?\s*\|")


def rooms_of(house: House) -> list[str]:
    """The rooms that stand in tracker/, in the order of the house."""
    standing = {module.room for module in house.modules if module.room}
    return [room for room in ROOMS if room in standing]


def map_of_rooms(house: House) -> list[str]:
    """The first words of the rows of the README's tables that name a room."""
    if "README.md" not in house.files:
        return []
    rows = (ROW.match(line) for line in house.text("README.md").splitlines())
    return [row[1] for row in rows if row and (row[1] in ROOMS or row[1] in {module.room for module in house.modules})]


def wrong_map(house: House) -> list[str]:
    """How the README's map of rooms differs from the rooms that stand."""
    if "README.md" not in house.files:
        return ["README.md is missing: it holds the map of rooms"]
    written, standing = map_of_rooms(house), rooms_of(house)
    if written == standing:
        return []
    found = [f"README.md: the room « {room} » is not on the map" for room in standing if room not in written]
    found += [f"README.md: « {room} » is on the map, and is no room" for room in written if room not in standing]
    return found or [f"README.md: the map says {' '.join(written)}, the house is {' '.join(standing)}"]


def paths_of_a_machine(house: House) -> list[str]:
    """Absolute paths that only one machine has, in what is committed."""
    return [
        f"{path}:{number}: a path of one machine: {line.strip()[:80]}"
        for path in house.files
        if path.endswith(READ) or path in READ_WHOLE
        for number, line in enumerate(house.text(path).splitlines(), start=1)
        if MACHINE.search(line) and path not in NEEDED_PATHS
    ]


def fetched_from_elsewhere(house: House) -> list[str]:
    """Pages, styles and scripts that load something from another site, and code that browses."""
    found = []
    for path in house.files:
        pattern = next((FETCHED[end] for end in FETCHED if path.endswith(end) and not path.startswith("tests/")), None)
        for number, line in enumerate(house.text(path).splitlines() if pattern else [], start=1):
            if pattern and (pattern.search(line) or FETCHED_LINK.search(line)):
                found.append(f"{path}:{number}: loads from another site")
    for module in house.modules:
        asked = [(line, {base, base.split(".")[0], f"{base}.{word}"}) for line, base, word in module.imports]
        found += [module.at(line, "imports what browses") for line, names in asked if names & BROWSING]
    return found


def unexplained_exceptions(house: House) -> list[str]:
    """Suppressions of the lint without codes, or without a reason on their line."""
    found = []
    for path in (path for path in house.files if path.endswith(".py")):
        for number, line in enumerate(house.text(path).splitlines(), start=1):
            match = SUPPRESSION.search(line) if "#" in line else None
            if match and (not match["codes"] or len(re.findall(r"\w+", match["reason"])) < WORDS_OF_A_REASON):
                found.append(f"{path}:{number}: {line[match.start() :].strip()} bears no reason")
    return found


def weak_lint(house: House) -> list[str]:
    """What pyproject.toml lacks of the lint of the house."""
    lint = tomllib.loads(house.text("pyproject.toml"))["tool"]["ruff"]
    missing = RUFF_RULES - set(lint["lint"]["select"])
    loose = [
        path for path in lint["lint"].get("per-file-ignores", {}) if not path.startswith(("tests/", "migrations/"))
    ]
    return [
        *(f"pyproject.toml: ruff lacks {rule}" for rule in sorted(missing)),
        *(f"pyproject.toml: {path} is let off by file; write the reason on the line" for path in loose),
        *([f"pyproject.toml: lines over {LINE_LENGTH}"] if lint["line-length"] > LINE_LENGTH else []),
    ]


def quiet_tests(house: House) -> list[str]:
    """What pyproject.toml lets pass in the tests: warnings, unknown markers, expected failures that succeed."""
    pytest_options = tomllib.loads(house.text("pyproject.toml"))["tool"]["pytest"]["ini_options"]
    found = []
    if pytest_options.get("filterwarnings", [])[:1] != ["error"]:
        found.append("pyproject.toml: warnings are no errors")
    if "--strict-markers" not in pytest_options.get("addopts", ""):
        found.append("pyproject.toml: unknown markers pass")
    return found + ([] if pytest_options.get("xfail_strict") else ["pyproject.toml: xfail_strict is off"])


def folders_of_tests_without_init(house: House) -> list[str]:
    """Folders of tests that are no package: two rooms could then not both have a test_rules.py."""
    folders = {path.rpartition("/")[0] for path in house.files if re.search(r"^tests/.*\.py$", path)}
    return [
        f"{folder}/__init__.py is missing" for folder in sorted(folders) if f"{folder}/__init__.py" not in house.files
    ]


LAWS = (
    wrong_map,
    paths_of_a_machine,
    fetched_from_elsewhere,
    unexplained_exceptions,
    weak_lint,
    quiet_tests,
    folders_of_tests_without_init,
)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_project_keeps_its_word(law: Callable[[House], list[str]], house: House) -> None:
    none_of(law(house))


def test_each_path_let_through_is_still_there(house: House) -> None:
    assert all(any(MACHINE.search(line) for line in house.text(path).splitlines()) for path in NEEDED_PATHS)


HOURS = {"tracker/contracts/rules.py": "", "tracker/hours/rules.py": ""}
MAP = "| Room | Holds |\n|---|---|\n| `contracts/` | what was bought |\n| `hours/` | declarations |\n"


@pytest.mark.parametrize(
    ("readme", "words"),
    [
        (None, "README.md is missing"),
        ("# Tracker\n", "« contracts » is not on the map"),
        (MAP.replace("| `hours/` | declarations |\n", ""), "« hours » is not on the map"),
        (MAP + "| `desk` | home pages |\n", "« desk » is on the map, and is no room"),
        (MAP.replace("contracts", "x").replace("hours", "contracts").replace("x", "hours"), "the map says"),
    ],
)
def test_a_wrong_map_is_seen(readme: str | None, words: str, house_of: Build) -> None:
    breaches = wrong_map(house_of(HOURS | ({"README.md": readme} if readme else {})))
    assert words in breaches[0]


def test_a_right_map_is_let_through(house_of: Build) -> None:
    assert wrong_map(house_of(HOURS | {"README.md": MAP})) == []


SLASH = "/"


@pytest.mark.parametrize(
    ("law", "path", "text", "words"),
    [
        (paths_of_a_machine, "Makefile", f"demo:\n\tcat {SLASH}home/anna/key", "Makefile:2:"),
        (paths_of_a_machine, "tracker/hours/rules.py", f"A = '{SLASH}tmp'", "rules.py:1:"),
        (paths_of_a_machine, "docs/operations.md", f"See {SLASH}work/shared/data.", "operations.md:1:"),
        (paths_of_a_machine, "tests/hours/test_rules.py", f'A = Path("{SLASH}work") / "shared"', "test_rules.py:1:"),
        (fetched_from_elsewhere, "templates/a.html", '<script src="https://cdn.net/a.js"></script>', "another site"),
        (fetched_from_elsewhere, "templates/a.html", '<link rel="stylesheet" href="//cdn.net/a.css">', "another site"),
        (fetched_from_elsewhere, "static/css/a.css", "a { src: url(https://fonts.net/a.woff2) }", "another site"),
        (fetched_from_elsewhere, "static/css/a.css", '@import "b.css";', "another site"),
        (fetched_from_elsewhere, "tracker/hours/jobs.py", "from urllib.request import urlopen", "imports what browses"),
        (fetched_from_elsewhere, "tracker/hours/jobs.py", "from urllib import request", "imports what browses"),
        (fetched_from_elsewhere, "tracker/hours/jobs.py", "import requests", "imports what browses"),
        (unexplained_exceptions, "tracker/a.py", "import os  # " + "noqa", "bears no reason"),
        (unexplained_exceptions, "tracker/a.py", "import os  # " + "noqa: F401", "bears no reason"),
        (unexplained_exceptions, "tracker/a.py", "import os  # " + "noqa because it is so", "bears no reason"),
        (unexplained_exceptions, "tracker/a.py", "a = b  # type" + ": ignore[attr-defined]", "bears no reason"),
        (folders_of_tests_without_init, "tests/hours/test_rules.py", "", "tests/hours/__init__.py"),
    ],
)
def test_a_broken_word_is_seen(
    law: Callable[[House], list[str]], path: str, text: str, words: str, house_of: Build
) -> None:
    (breach,) = law(house_of({path: text}))
    assert words in breach


@pytest.mark.parametrize(
    ("law", "path", "text"),
    [
        (paths_of_a_machine, "Makefile", f"demo:\n\t$(PWD){SLASH}work/a .{SLASH}tmp/b https://a.fr{SLASH}home/d"),
        (paths_of_a_machine, "templates/a.html", f'<a href="{SLASH}tmp-file">'),
        (fetched_from_elsewhere, "templates/a.html", '<a href="https://www.legifrance.gouv.fr/">texte</a>'),
        (unexplained_exceptions, "tracker/a.py", "import os  # " + "noqa: F401 - re-exported for the rooms"),
        (unexplained_exceptions, "tracker/a.py", "a = b  # type" + ": ignore[misc]  # flask types it loosely"),
    ],
)
def test_a_kept_word_is_let_through(law: Callable[[House], list[str]], path: str, text: str, house_of: Build) -> None:
    assert law(house_of({path: text})) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"T20", ', "", "ruff lacks T20"),
        ('"tests/**" = ', '"tracker/**" = ', "tracker/** is let off"),
        ("line-length = 120", "line-length = 160", "lines over 120"),
        ('filterwarnings = ["error"]', "filterwarnings = []", "warnings are no errors"),
        ("--strict-markers ", "", "unknown markers pass"),
        ("xfail_strict = true", "xfail_strict = false", "xfail_strict is off"),
    ],
)
def test_a_loosened_lint_is_seen(old: str, new: str, words: str, house: House, house_of: Build) -> None:
    real = house.text("pyproject.toml")
    assert old in real
    built = house_of({"pyproject.toml": real.replace(old, new)})
    assert any(words in breach for breach in [*weak_lint(built), *quiet_tests(built)])
