"""How the house writes French: ’ between letters, U+00A0 where a line may not break, never U+202F, no exclamation."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Callable, Iterator

import pytest
from jinja2 import nodes

from tests.structure.pages import PRINTED, Template, templates_of
from tests.structure.reading import House, Module, last_word, none_of

Build = Callable[[dict[str, str]], House]

LETTER = "A-Za-zÀ-ÖØ-öø-ÿŒœ"
FAULTS = {
    "a straight apostrophe": re.compile(rf"[{LETTER}{PRINTED}]'[{LETTER}{PRINTED}]"),
    "a plain space before a high sign": re.compile(r"[^\s] +(?:[:;?!](?!\w)|»|€|%(?![A-Za-z(]))"),
    "a plain space after «": re.compile(r"« "),
    "no space inside « »": re.compile(rf"«[{LETTER}\d{PRINTED}]|[{LETTER}\d{PRINTED}.]»"),
    "no space before a high sign": re.compile(rf"[{LETTER}{PRINTED})»][?!;](?=\s|$)|[{LETTER})»]:(?=\s|$)"),
    "no space before %, € or h": re.compile(r"\d(?:%(?![A-Za-z(])|€)"),
    "a plain space before h": re.compile(rf"[\d{PRINTED}] h\b"),
    "three dots for …": re.compile(rf"[{LETTER}]\.\.\.(?!\w)"),
}
EXCLAMATION = re.compile(rf"[{LETTER}{PRINTED})»\s\u00a0]!(?=[\s»”]|$)")
NARROW_SPACE = "\u202f"
NARROW_ENTITY = re.compile(r"&#8239;|&#x0*202f;|\\u202f", re.IGNORECASE)
TAG = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
SAID_BY_ATTRIBUTES = re.compile(r"\s(?:title|alt|aria-label|aria-description|placeholder|label|summary)=\"([^\"]*)\"")
# What makes a text of the code French: a sign English lacks, or a small word English lacks.
FRENCH_SIGN = re.compile("[àâçéèêëîïôùûœÀÇÉÈÊŒ«»’]")
FRENCH_WORD = re.compile(
    r"\b(?:le|la|les|des|du|une|est|sont|vous|votre|vos|cette|ces|dans|avec|pour|pas|aucune?|qui|que|heures?)\b"
    r"|\b(?:[ldnsjmtc]|qu)'[a-zà-ÿ]",
    re.IGNORECASE,
)
READ = (".py", ".html", ".txt", ".css", ".js", ".md", ".toml", ".svg", ".cfg", ".yml", ".yaml")


def faults_of(text: str) -> Iterator[tuple[int, str]]:
    """(offset, fault) of each fault of French typography in a text without markup."""
    for fault, pattern in FAULTS.items():
        for match in pattern.finditer(text):
            yield match.start(), f"{fault}: « {_around(text, match)} »"
    for match in EXCLAMATION.finditer(text):
        yield match.start(), f"an exclamation mark: « {_around(text, match)} »"


def _around(text: str, match: re.Match[str]) -> str:
    shown = text[max(0, match.start() - 15) : match.end() + 10].replace(PRINTED, "…")
    return shown.replace("\n", " ").strip()


def templates_badly_written(house: House) -> list[str]:
    """Faults in the text nodes, in the attributes that are read out, and in the texts given to components."""
    return [breach for template in templates_of(house) for breach in sorted(set(_faults_in(template)))]


def _faults_in(template: Template) -> Iterator[str]:
    markup = template.printed
    if not template.name.endswith(".txt"):
        for match in SAID_BY_ATTRIBUTES.finditer(markup):
            said = html.unescape(match[1])
            yield from (template.at_offset(match.start(), fault) for _, fault in faults_of(said))
        # Tags go, line by line, so that offsets keep their lines.
        markup = TAG.sub(lambda tag: "\n" * tag[0].count("\n"), _with_offsets(markup))
    for number, line in enumerate(markup.split("\n")):
        for _, fault in faults_of(html.unescape(line)):
            yield template.at(_line(template, number), fault)
    for constant in template.tree.find_all(nodes.Const):
        if isinstance(constant.value, str) and _is_french(constant.value):
            yield from (template.at(constant.lineno, fault) for _, fault in faults_of(constant.value))


def _with_offsets(markup: str) -> str:
    """The markup, elements that are no prose blanked."""
    return re.sub(r"<(script|svg|code|pre)\b.*?</\1>", lambda part: "\n" * part[0].count("\n"), markup, flags=re.DOTALL)


def _line(template: Template, number: int) -> int:
    """The source line of the n-th line of the printed text."""
    offset = 0
    for _ in range(number):
        offset = template.printed.index("\n", offset) + 1
    return template.line_of(min(offset, max(len(template.printed) - 1, 0)))


def code_badly_written(house: House) -> list[str]:
    """Faults in the French texts of the code; docstrings are English and go unread."""
    return [
        module.at(line, fault)
        for module in house.modules
        for line, text in _texts(module)
        if _is_french(text)
        for _, fault in faults_of(text)
    ]


def _texts(module: Module) -> list[tuple[int, str]]:
    """(line, text) of every literal; an f-string is one text, what it computes being one sign."""
    joined = [node for node in module.nodes if isinstance(node, ast.JoinedStr)]
    inside = {id(part) for node in joined for part in ast.walk(node) if part is not node}
    plain = [(node.lineno, text) for node, text in module.strings if id(node) not in inside]
    return plain + [(node.lineno, "".join(map(_part, node.values))) for node in joined]


def _part(node: ast.expr) -> str:
    if isinstance(node, ast.FormattedValue) and last_word(node.value) == "NBSP":
        return "\u00a0"
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else PRINTED


def _is_french(text: str) -> bool:
    """Several words, with a sign or a small word that English lacks; neither SQL nor a pattern."""
    if " " not in text or re.search(r"\b(?:SELECT|FROM|WHERE|CREATE|TRIGGER|UPDATE)\b|\\[wsdb]|\(\?", text):
        return False
    return bool(FRENCH_SIGN.search(text) or FRENCH_WORD.search(text))


def narrow_spaces(house: House) -> list[str]:
    """U+202F, typed or as an entity of a page: the type of the house lacks it, and shows a hole."""
    found = []
    for path in house.files:
        if not path.endswith(READ) or path.startswith("tests/data/"):
            continue
        for number, line in enumerate(house.text(path).split("\n"), start=1):
            if NARROW_SPACE in line or (path.startswith("templates/") and NARROW_ENTITY.search(line)):
                found.append(f"{path}:{number}: U+202F; write U+00A0")
    return found


LAWS = (templates_badly_written, code_badly_written, narrow_spaces)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_house_writes_french_as_printers_do(law: Callable[[House], list[str]], house: House) -> None:
    none_of(law(house))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L'heure", "straight apostrophe"),
        ("{{ name }}'s", "straight apostrophe"),
        ("Nom :", "plain space before"),
        ("<b>Nom</b> : 12", "plain space before"),
        ("Continuer ?", "plain space before"),
        ("12 %", "plain space before"),
        ("{{ sum }} €", "plain space before"),
        ("« oui\u00a0»", "plain space after"),
        ("«\u00a0oui »", "plain space before"),
        ("«oui\u00a0»", "no space inside"),
        ("Nom: 12", "no space before a high sign"),
        ("Continuer?", "no space before a high sign"),
        ("40,6%", "no space before %"),
        ("151,67 h", "plain space before h"),
        ("{{ hours }} h", "plain space before h"),
        ("Bravo\u00a0!", "exclamation"),
        ("Attendez...", "three dots"),
        ("&nbsp;Nom :", "plain space before"),
        ('<a title="L\'heure">x</a>', "straight apostrophe"),
        ('<img alt="Nom : x">', "plain space before"),
        ('{{ field(f, label="Date de début :") }}', "plain space before"),
        ('{{ field(f, hint="l\'heure est due") }}', "straight apostrophe"),
    ],
)
def test_a_fault_of_a_page_is_seen_at_its_line(text: str, words: str, house_of: Build) -> None:
    built = house_of({"templates/hours/a.html": f"<h1>Les heures</h1>\n<p>\n  {text}\n</p>\n"})
    (breach,) = templates_badly_written(built)
    assert breach.startswith("templates/hours/a.html:3:")
    assert words in breach


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('a = "L\'heure est due"', "straight apostrophe"),
        ('a = "Les heures : 12"', "plain space before"),
        ('a = f"Il reste {hours} h à déclarer"', "plain space before h"),
        ('a = f"{count} % des heures"', "plain space before"),
        ('a = "C’est fait !"', "plain space before"),
        ('a = "C’est fait\u00a0!"', "exclamation"),
        ('a = f"«{name}» est inconnu"', "no space inside"),
    ],
)
def test_a_fault_of_a_text_of_the_code_is_seen(text: str, words: str, house_of: Build) -> None:
    breaches = code_badly_written(house_of({"tracker/hours/rules.py": text}))
    assert any(words in breach for breach in breaches)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("templates/hours/a.html", "a\u202f:"),
        ("templates/hours/a.html", "a&#8239;:"),
        ("templates/hours/a.html", "a&#x202F;:"),
        ("tracker/hours/rules.py", "A = 'a\u202f:'"),
        ("docs/guide.md", "a\u202f:"),
    ],
)
def test_a_narrow_space_is_seen(path: str, text: str, house_of: Build) -> None:
    (breach,) = narrow_spaces(house_of({path: text}))
    assert breach.startswith(f"{path}:1:")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("templates/hours/a.html", "<!doctype html><p>L’heure\u00a0: {{ a['x : y'] }}&nbsp;h de l’été"),
        ("templates/hours/a.html", "<p>«\u00a0{{ a }}\u00a0» et «&nbsp;oui&nbsp;», 12,5\u00a0%, à 12:30"),
        (
            "templates/hours/a.html",
            '<a href="/a?b=c;d" data-a="l\'un">Oui</a>{% if a != b %} x{% endif %}{# l\'un ! #}',
        ),
        ("templates/hours/a.html", "<p>{{ hours|hours }} heures, {{ day }} hier</p>"),
        ("tracker/hours/rules.py", '"""It\'s English: fine!"""\na = "it isn\'t: \'a\' ; b"'),
        ("tracker/hours/rules.py", "a = \"SELECT 'l' FROM les WHERE a ? b\"\nb = day.strftime('le %d à %H')"),
        ("tracker/hours/rules.py", "a = f'Est-ce «{NBSP}{name}{NBSP}»{NBSP}? Il manque {count}{words.NBSP}%.'"),
        ("tracker/hours/rules.py", "a = f'Il reste {hours}\u00a0h, soit {share}\u00a0% des heures\u00a0: {text}.'"),
    ],
)
def test_french_well_written_is_let_through(path: str, text: str, house_of: Build) -> None:
    built = house_of({path: text})
    assert [breach for law in LAWS for breach in law(built)] == []
