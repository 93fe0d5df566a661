"""Law 7: endpoint = template path; every template and component used; nothing inline; every form guarded."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

import pytest
from jinja2 import TemplateError, nodes

from tests.structure.pages import READER, Template, reachable, templates_of
from tests.structure.reading import FUNCTIONS, House, Module, dotted, is_view, last_word, none_of
from tracker import ROOMS

Build = Callable[[dict[str, str]], House]

SHARED_FOLDERS = {"layouts", "components", "documents", "emails", "errors"}
INLINE = {
    "an inline style": re.compile(r"<[^<>]*\sstyle\s*=", re.IGNORECASE),
    "a <style> element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^<>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"=\s*[\"']?\s*javascript:", re.IGNORECASE),
}
# Asking these twice changes nothing more: they need the token, not the submission key.
HARMLESS_TWICE = {"layouts/masthead.html": "signing out twice is being signed out"}
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.IGNORECASE | re.DOTALL)
METHOD = re.compile(r"\bmethod\s*=\s*[\"']?([^\s\"'>]*)", re.IGNORECASE)


def misplaced_templates(house: House) -> list[str]:
    """Templates in a folder that is neither a room nor a shared folder."""
    return [
        f"templates/{name}: « {name.split('/')[0]} » is neither a room nor one of {' '.join(sorted(SHARED_FOLDERS))}"
        for name in house.templates
        if name.split("/")[0] not in SHARED_FOLDERS | set(ROOMS)
    ]


def endpoints_off_their_template(house: House) -> list[str]:
    """Views that render anything else than `room/function.html`, or a template that does not exist."""
    found = []
    for module in house.on_floor("views"):
        views = [function for function in module.functions() if is_view(function)]
        for function, call in _renderings(module):
            wrong = _wrong_template(module, function, call, [view.name for view in views], house.templates)
            found += [module.at(call, wrong)] if wrong else []
    return found


def _renderings(module: Module) -> Iterator[tuple[str, ast.Call]]:
    """(function, call of render_template), each call with the innermost function around it."""
    for function in (node for node in module.nodes if isinstance(node, FUNCTIONS)):
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and last_word(node.func) == "render_template":
                yield function.name, node


def _wrong_template(module: Module, function: str, call: ast.Call, views: list[str], known: tuple[str, ...]) -> str:
    name = getattr(call.args[0], "value", None) if call.args else None
    if not isinstance(name, str):
        return f"{function}(): the template's name is computed; write it out"
    # A small function that serves a view (the same page, with and without errors) renders that view's template.
    allowed = [function] if function in views else views
    if name not in {f"{module.room}/{view}.html" for view in allowed}:
        return f"{function}() renders « {name} », not « {module.room}/{function}.html »"
    return "" if name in known else f"{function}() renders « {name} », which does not exist"


def blueprints_off_their_room(house: House) -> list[str]:
    """Blueprints whose name is not their room's: the endpoint would no longer be the template's path."""
    return [
        module.at(call, f"the blueprint of « {module.room} » bears another name")
        for module in house.modules
        for call in module.calls()
        if last_word(call.func) == "Blueprint" and getattr(next(iter(call.args), None), "value", None) != module.room
    ]


def templates_never_reached(house: House) -> list[str]:
    seen = reachable(house)
    return [
        f"templates/{name}: never rendered, extended, included or imported"
        for name in house.templates
        if name not in seen and not name.startswith("components/")
    ]


def missing_templates(house: House) -> list[str]:
    """References to a template that does not exist, or that is computed."""
    return [
        template.at(1, f"refers to {other or 'a computed name'}")
        for template in templates_of(house)
        for other in template.referenced
        if other not in house.templates
    ]


def idle_macros(house: House) -> list[str]:
    """Components that no template uses."""
    every = templates_of(house)
    used = {macro for template in every for macro in template.used_macros()}
    return [
        template.at(macro.lineno, f"component {name}() is used nowhere")
        for template in every
        if template.name.startswith("components/")
        for name, macro in template.macros.items()
        if (template.name, name) not in used
    ]


def unknown_macros(house: House) -> list[str]:
    """Macros asked of a file that does not define them."""
    defined = {(template.name, name) for template in templates_of(house) for name in _top_names(template)}
    return [
        template.at(1, f"imports {word}, which « {file} » does not define")
        for template in templates_of(house)
        for file, word in template.imported_words.values()
        if file in house.templates and (file, word) not in defined
    ]


def _top_names(template: Template) -> set[str]:
    assigned = {name.name for name in template.tree.find_all(nodes.Name) if name.ctx == "store"}
    return set(template.macros) | assigned


def templates_that_do_not_compile(house: House) -> list[str]:
    """Templates Jinja refuses, and filters or tests that nobody registers."""
    found = []
    words = {text for module in house.modules for _, text in module.strings}
    for template in templates_of(house):
        asked: list[nodes.Filter | nodes.Test] = [*template.tree.find_all(nodes.Filter)]
        asked += template.tree.find_all(nodes.Test)
        unknown = [node for node in asked if not _is_registered(node, words)]
        found += [template.at(node.lineno, f"the filter or test « {node.name} » is unknown") for node in unknown]
        refused = template.refused or _refusal(template, [node.name for node in asked])
        found += [refused] if refused else []
    return found


def _is_registered(node: nodes.Filter | nodes.Test, words: set[str]) -> bool:
    of_jinja = READER.filters if isinstance(node, nodes.Filter) else READER.tests
    return node.name in of_jinja or node.name in words


def _refusal(template: Template, names: list[str]) -> str:
    """What Jinja finds wrong when it compiles the page, every filter being known; empty when nothing is."""
    lenient = READER.overlay()
    lenient.filters = {**dict.fromkeys(names, str), **READER.filters}
    lenient.tests = {**dict.fromkeys(names, callable), **READER.tests}
    try:
        lenient.compile(template.source, name=template.name)
    except TemplateError as error:
        return template.at(getattr(error, "lineno", 1), str(error))
    return ""


def inline_code(house: House) -> list[str]:
    """Styles, scripts and handlers written in a page: the Content-Security-Policy refuses them."""
    found = []
    for template in templates_of(house):
        for what, pattern in INLINE.items():
            found += [template.at_offset(match.start(), what) for match in pattern.finditer(template.printed)]
        for keyword in template.tree.find_all(nodes.Keyword):
            if keyword.key == "style" or re.match(r"on(click|change|submit|input|load|focus|blur|key)", keyword.key):
                found.append(template.at(keyword.lineno, f"{keyword.key}= given to a component"))
    return found


def unguarded_forms(house: House) -> list[str]:
    """POST forms without their token against forgery, or without the key by which a form sent twice acts once."""
    return [
        breach for template in templates_of(house) for breach in [*_raw_forms(template), *_component_forms(template)]
    ]


def _raw_forms(template: Template) -> Iterator[str]:
    without_comments = re.sub(r"\{#.*?#\}", lambda match: "\n" * match[0].count("\n"), template.source, flags=re.DOTALL)
    for form in FORM.finditer(without_comments):
        method = METHOD.search(form[1])
        if not method or method[1].lower() in {"get", "dialog"}:
            continue
        line = without_comments.count("\n", 0, form.start()) + 1
        if "hidden_tag(" not in form[2] and "csrf_token" not in form[2]:
            yield template.at(line, "a POST form has no token against forgery")
        is_keyed = "hidden_tag(" in form[2] or "submission_key" in form[2]
        if not is_keyed and template.name not in HARMLESS_TWICE:
            yield template.at(line, "a POST form has no submission key")


def _component_forms(template: Template) -> Iterator[str]:
    """`{% call form(…) %}` prints the token always, the submission key only when it is given a `form`."""
    for call in template.tree.find_all(nodes.Call):
        named = isinstance(call.node, nodes.Name) and template.imported_words.get(call.node.name)
        if named != ("components/form.html", "form"):
            continue
        given = {keyword.key: keyword.value for keyword in call.kwargs}
        is_get = getattr(given.get("method"), "value", "post") == "get"
        if not is_get and "form" not in given and len(call.args) < 2 and template.name not in HARMLESS_TWICE:
            yield template.at(call.lineno, "form() is given no form: no submission key")


def forms_without_a_key(house: House) -> list[str]:
    """Forms built on FlaskForm itself: only plumbing's `Form` bears the submission key."""
    return [
        module.at(line, "use tracker.plumbing.forms.Form: FlaskForm bears no submission key")
        for module in house.modules
        if module.room != "plumbing"
        for line, base, word in module.imports
        if base.split(".")[0] == "flask_wtf" and word in {"FlaskForm", "Form"}
    ]


LAWS = (
    misplaced_templates,
    endpoints_off_their_template,
    blueprints_off_their_room,
    templates_never_reached,
    missing_templates,
    idle_macros,
    unknown_macros,
    templates_that_do_not_compile,
    inline_code,
    unguarded_forms,
    forms_without_a_key,
)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_pages_and_endpoints_agree(law: Callable[[House], list[str]], house: House) -> None:
    none_of(law(house))


def test_an_undefined_variable_fails(house: House) -> None:
    strict = [
        module
        for module in house.in_room("plumbing")
        for node in module.nodes
        if isinstance(node, ast.Assign)
        and dotted(node.targets[0]).endswith("jinja_env.undefined")
        and last_word(node.value) == "StrictUndefined"
    ]
    assert strict, "plumbing does not set jinja_env.undefined = StrictUndefined"


def test_the_form_of_the_house_bears_its_submission_key(house: House) -> None:
    (form,) = (
        node
        for module in house.in_room("plumbing")
        for node in module.nodes
        if isinstance(node, ast.ClassDef) and node.name == "Form"
    )
    assert any(isinstance(node, ast.Assign) and last_word(node.targets[0]) == "submission_key" for node in form.body)


VIEW = "@pages.get('/a')\n@allowed(Act.SEE)\ndef declare():\n    return render_template({})\n"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("'hours/other.html'", "not « hours/declare.html »"),
        ("'contracts/declare.html'", "not « hours/declare.html »"),
        ("'hours/declare.html'", "does not exist"),
        ("f'hours/{kind}.html'", "is computed"),
        ("name", "is computed"),
    ],
)
def test_a_view_that_renders_anothers_template_is_seen(name: str, words: str, house_of: Build) -> None:
    files = {"tracker/hours/views.py": VIEW.format(name), "templates/hours/other.html": ""}
    (breach,) = endpoints_off_their_template(house_of(files))
    assert breach.startswith("tracker/hours/views.py:4:")
    assert words in breach


def test_a_view_and_the_function_that_serves_it_render_its_template(house_of: Build) -> None:
    served = (
        VIEW.replace("render_template({})", "_page()") + "def _page():\n    render_template('hours/declare.html')\n"
    )
    built = house_of({"tracker/hours/views.py": served, "templates/hours/declare.html": ""})
    assert endpoints_off_their_template(built) == []


@pytest.mark.parametrize(
    ("law", "path", "text", "words"),
    [
        (misplaced_templates, "templates/kitchen/a.html", "", "« kitchen » is neither a room"),
        (misplaced_templates, "templates/index.html", "", "« index.html » is neither a room"),
        (blueprints_off_their_room, "tracker/hours/views.py", "b = Blueprint('h', __name__)", "« hours »"),
        (templates_never_reached, "templates/hours/old.html", "", "never rendered"),
        (missing_templates, "templates/hours/a.html", '{% include "hours/b.html" %}', "hours/b.html"),
        (missing_templates, "templates/hours/a.html", "{% include name %}", "a computed name"),
        (idle_macros, "templates/components/tag.html", "{% macro tag() %}{% endmacro %}", "tag() is used nowhere"),
        (idle_macros, "templates/components/tag.html", "{% macro tag() %}{{ tag() }}{% endmacro %}", "tag()"),
        (templates_that_do_not_compile, "templates/hours/a.html", "\n{% if %}", ":2:"),
        (templates_that_do_not_compile, "templates/hours/a.html", "{{ a|hourz }}", "« hourz » is unknown"),
        (templates_that_do_not_compile, "templates/hours/a.html", "{% if a is late %}{% endif %}", "« late »"),
        (inline_code, "templates/hours/a.html", '\n<p style="color: red">', ":2: an inline style"),
        (inline_code, "templates/hours/a.html", '<p {% if a %}\n style="{{ b }}"{% endif %}>', "an inline style"),
        (inline_code, "templates/hours/a.html", "<style>p {}</style>", "a <style> element"),
        (inline_code, "templates/hours/a.html", "<script>go()</script>", "an inline script"),
        (inline_code, "templates/hours/a.html", '<a onclick="go()">', "an inline handler"),
        (inline_code, "templates/hours/a.html", '<a href="javascript:go()">', "a javascript: address"),
        (inline_code, "templates/hours/a.html", '{{ field(f, onchange="go()") }}', "onchange="),
        (unguarded_forms, "templates/hours/a.html", '<form method="post">{{ key.submission_key }}</form>', "no token"),
        (unguarded_forms, "templates/hours/a.html", '\n<form method="POST">{{ csrf_token() }}</form>', ":2: a POST"),
        (
            unguarded_forms,
            "templates/hours/a.html",
            '<form method="{{ m }}">{{ csrf_token() }}</form>',
            "no submission",
        ),
        (
            unguarded_forms,
            "templates/hours/a.html",
            '{% from "components/form.html" import form as f %}{% call f("/a") %}{% endcall %}',
            "no submission key",
        ),
        (forms_without_a_key, "tracker/hours/forms.py", "from flask_wtf import FlaskForm", "no submission key"),
    ],
)
def test_a_page_out_of_its_law_is_seen(
    law: Callable[[House], list[str]], path: str, text: str, words: str, house_of: Build
) -> None:
    (breach,) = law(house_of({path: text}))
    assert words in breach


def test_a_macro_asked_of_the_wrong_file_is_seen(house_of: Build) -> None:
    asks = '{% from "components/tag.html" import tagg %}{{ tagg() }}'
    built = house_of(
        {"templates/components/tag.html": "{% macro tag() %}{% endmacro %}", "templates/hours/a.html": asks}
    )
    (breach,) = unknown_macros(built)
    assert "imports tagg" in breach


def test_a_house_whose_pages_agree_is_let_through(house_of: Build) -> None:
    page = (
        '{% extends "layouts/base.html" %}{% from "components/form.html" import form as sheet, part %}'
        '{% import "components/tag.html" as tags %}'
        '{% call sheet(form=form) %}{{ part() }}{{ tags.tag("on = off")|hours }}{% endcall %}'
        '<form method="get"></form><form method="post">{{ form.hidden_tag() }}</form>'
        '<script src="a.js"></script>{# <p style=""> #}'
    )
    built = house_of(
        {
            "templates/layouts/base.html": "",
            "templates/hours/declare.html": page,
            "templates/errors/404.html": "",
            "templates/components/form.html": "{% macro form(form) %}{% endmacro %}{% macro part() %}{% endmacro %}",
            "templates/components/tag.html": "{% macro tag(a) %}{{ _b() }}{% endmacro %}{% macro _b() %}{% endmacro %}",
            "tracker/hours/views.py": "pages = Blueprint('hours', __name__)\n" + VIEW.format("'hours/declare.html'"),
            "tracker/plumbing/web.py": "FILTERS = {'hours': 1}\nrender_template(f'errors/{code}.html')\n",
        }
    )
    assert [breach for law in LAWS for breach in law(built)] == []
