"""Law 3 and the « never » column: who commits, who writes, who sees the request, who speaks SQL."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import pytest

from tests.structure.reading import House, Module, dotted, last_word, none_of

Build = Callable[[dict[str, str]], House]

MAY_COMMIT = {"views", "jobs", "commands"}
WEB = {"flask", "flask_login", "flask_wtf", "wtforms", "werkzeug", "jinja2"}
# flask_security also hashes passwords, which is no business of the request.
WEB_WORDS = {"current_user", "login_user", "logout_user", "auth_required", "roles_required"}
WRITES = {"add", "add_all", "delete", "flush", "merge", "bulk_save_objects", "bulk_insert_mappings"}
WRITING_STATEMENTS = {"insert", "update", "delete"}
WRITING_SQL = ("insert into ", "update ", "delete from ", "truncate ")
SPEAKS_NO_SQL = ("views", "doors", "documents", "forms")
# A view may translate an error of the database; it may not speak to it.
SQL_ERRORS = {"sqlalchemy.exc", "sqlalchemy.orm.exc"}
SESSION_OF_A_VIEW = {"commit", "rollback"}
FORMATTING_LIBRARIES = {"babel", "markupsafe", "jinja2", "flask_babel"}
SUMMED = ("hours", "cents", "rate", "share")


def commits(house: House) -> list[str]:
    """`.commit()` elsewhere than in views, jobs, commands and the machinery."""
    return [
        module.at(call, f"« {module.floor or module.name} » commits; only views, jobs and commands do")
        for module in house.modules
        if module.floor not in MAY_COMMIT and module.room != "plumbing" and not _is_command(module)
        for call in module.calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    ]


def _is_command(module: Module) -> bool:
    """Those of no room stand in tracker/commands/, beside the rooms."""
    return module.path.startswith("tracker/commands/") or module.name == "tracker.commands"


def request_below_the_forms(house: House) -> list[str]:
    """Rules, exchange, models, queries and actions that know the request, or the web at all."""
    return [
        module.at(line, f"« {module.floor} » imports {base}.{word}".rstrip("."))
        for module in house.on_floor("rules", "exchange", "models", "queries", "actions")
        for line, base, word in module.imports
        if base.split(".")[0] in WEB or (base.split(".")[0] == "flask_security" and word in WEB_WORDS)
    ]


def queries_that_write(house: House) -> list[str]:
    return [breach for module in house.on_floor("queries") for breach in _writes(module)]


def _writes(module: Module) -> Iterator[str]:
    imported = {word for _, base, word in module.imports if base.startswith("sqlalchemy")}
    for call in module.calls():
        name = last_word(call.func)
        on_session = isinstance(call.func, ast.Attribute) and last_word(call.func.value) == "session"
        if on_session and name in WRITES:
            yield module.at(call, f"a query writes: session.{name}()")
        elif name in WRITING_STATEMENTS and (name in imported or dotted(call.func) == f"sa.{name}"):
            yield module.at(call, f"a query writes: {name}()")
    for node, text in module.strings:
        if text.lstrip().lower().startswith(WRITING_SQL):
            yield module.at(node, "a query writes, in SQL")


def models_that_ask_or_format(house: House) -> list[str]:
    """Models that import queries (of any room), or that write text for a screen."""
    found = []
    for module in house.on_floor("models"):
        for line, target in house.targets(module):
            if target.split(".")[0] == "tracker" and "queries" in target.split("."):
                found.append(module.at(line, f"a model imports {target}"))
            elif target.split(".")[0] in FORMATTING_LIBRARIES:
                found.append(module.at(line, f"a model formats: imports {target}"))
        for call in module.calls():
            if last_word(call.func) == "strftime" or last_word(call.func).startswith("format_"):
                found.append(module.at(call, f"a model formats: {last_word(call.func)}()"))
    return found


def sql_above_the_queries(house: House) -> list[str]:
    """Views, doors, documents and forms that speak SQL, or use the session for more than commit and rollback."""
    found = []
    for module in house.on_floor(*SPEAKS_NO_SQL):
        for line, base, word in module.imports:
            if base.split(".")[0] == "sqlalchemy" and base not in SQL_ERRORS:
                found.append(module.at(line, f"« {module.floor} » imports {base}.{word}".rstrip(".")))
        attributes = [node for node in module.nodes if isinstance(node, ast.Attribute)]
        for node in attributes:
            owner = dotted(node.value)
            may = module.floor == "views" and node.attr in SESSION_OF_A_VIEW
            if (owner == "db.session" and not may) or (owner[:1].isupper() and node.attr == "query"):
                found.append(module.at(node, f"« {module.floor} » uses {owner}.{node.attr}"))
    return found


def sums_above_the_rules(house: House) -> list[str]:
    """Arithmetic on hours, money or shares in a view or a document: one computation, in the rules."""
    return [
        module.at(node, f"« {module.floor} » computes {ast.unparse(node)}")
        for module in house.on_floor("views", "documents", "doors")
        for node in module.nodes
        if isinstance(node, ast.BinOp) and any(_is_amount(side) for side in (node.left, node.right))
    ]


def _is_amount(node: ast.expr) -> bool:
    return last_word(node).rsplit("_", 1)[-1] in SUMMED


def forms_that_know_models(house: House) -> list[str]:
    return [
        module.at(line, f"a form imports {target}")
        for module in house.on_floor("forms")
        for line, target in house.targets(module)
        if target.split(".")[0] == "tracker" and "models" in target.split(".")
    ]


LAWS = (
    commits,
    request_below_the_forms,
    queries_that_write,
    models_that_ask_or_format,
    sql_above_the_queries,
    sums_above_the_rules,
    forms_that_know_models,
)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_each_floor_keeps_to_its_work(law: Callable[[House], list[str]], house: House) -> None:
    none_of(law(house))


@pytest.mark.parametrize(
    ("law", "path", "text", "words"),
    [
        (commits, "tracker/hours/actions.py", "db.session.commit()", "« actions » commits"),
        (commits, "tracker/hours/queries/lines.py", "session.commit()", "« queries » commits"),
        (commits, "tracker/app.py", "db.session.commit()", "« tracker.app » commits"),
        (request_below_the_forms, "tracker/hours/actions.py", "from flask import request", "flask.request"),
        (request_below_the_forms, "tracker/hours/actions.py", "import flask", "imports flask"),
        (
            request_below_the_forms,
            "tracker/hours/actions.py",
            "from flask_security import current_user",
            "current_user",
        ),
        (request_below_the_forms, "tracker/hours/queries.py", "from flask import current_app", "current_app"),
        (queries_that_write, "tracker/hours/queries.py", "db.session.add(1)", "session.add()"),
        (queries_that_write, "tracker/hours/queries.py", "session.delete(1)", "session.delete()"),
        (queries_that_write, "tracker/hours/queries.py", "db.session.flush()", "session.flush()"),
        (queries_that_write, "tracker/hours/queries.py", "from sqlalchemy import update\nupdate(Line)", "update()"),
        (queries_that_write, "tracker/hours/queries.py", "text('DELETE FROM line')", "in SQL"),
        (models_that_ask_or_format, "tracker/hours/models.py", "from tracker.hours import queries", "queries"),
        (models_that_ask_or_format, "tracker/hours/models.py", "from tracker.contracts.queries import a", "queries"),
        (models_that_ask_or_format, "tracker/hours/models.py", "day.strftime('%d')", "strftime"),
        (models_that_ask_or_format, "tracker/hours/models.py", "hours.format_hours(1)", "format_hours"),
        (sql_above_the_queries, "tracker/hours/views.py", "from sqlalchemy import select", "sqlalchemy.select"),
        (sql_above_the_queries, "tracker/hours/views.py", "db.session.scalars(1)", "db.session.scalars"),
        (sql_above_the_queries, "tracker/hours/views.py", "db.session.get(Line, 1)", "db.session.get"),
        (sql_above_the_queries, "tracker/hours/views.py", "Line.query.all()", "Line.query"),
        (sql_above_the_queries, "tracker/hours/doors.py", "db.session.execute(1)", "db.session.execute"),
        (sums_above_the_rules, "tracker/hours/views.py", "a = due_hours - line.counted_hours", "computes due_hours"),
        (sums_above_the_rules, "tracker/certificates/documents.py", "a = 100 * rsa_share", "computes 100"),
        (forms_that_know_models, "tracker/hours/forms.py", "from tracker.hours.models import Line", "hours.models"),
        (forms_that_know_models, "tracker/hours/forms.py", "from tracker.accounts import models", "accounts.models"),
    ],
)
def test_a_floor_that_does_anothers_work_is_seen(
    law: Callable[[House], list[str]], path: str, text: str, words: str, house_of: Build
) -> None:
    (breach,) = law(house_of({path: text}))
    assert breach.startswith(f"{path}:")
    assert words in breach


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tracker/hours/views.py", "db.session.commit()\nfrom flask import session\nsession.get('a')"),
        ("tracker/hours/jobs.py", "session.commit()"),
        ("tracker/hours/commands.py", "session.commit()"),
        ("tracker/commands/work.py", "session.commit()"),
        ("tracker/plumbing/database.py", "session.commit()"),
        ("tracker/hours/queries.py", "seen = set()\nseen.add(1)\nrows.update({})"),
        ("tracker/hours/actions.py", "session.add(1)\nsession.flush()"),
        ("tracker/hours/views.py", "from sqlalchemy.exc import IntegrityError\na = page + 1"),
        ("tracker/accounts/actions.py", "from flask_security import hash_password"),
    ],
)
def test_what_a_floor_may_do_is_let_through(path: str, text: str, house_of: Build) -> None:
    built = house_of({path: text})
    assert [breach for law in LAWS for breach in law(built)] == []
