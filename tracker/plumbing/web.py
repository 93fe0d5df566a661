"""What every page shares: strict templates, security headers, error pages; one line of log and one count a request."""

import time
import traceback
from collections.abc import Iterator, Mapping
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, abort, current_app, g, got_request_exception, render_template, request
from flask_wtf.csrf import CSRFError
from jinja2 import StrictUndefined
from sqlalchemy import Engine, event
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from tracker.plumbing import formats, metrics
from tracker.vocabulary.objections import Stale

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
GREATEST_ID = 2**31 - 1
FRAMES_TOLD = 40
ONE_YEAR = 365 * 24 * 3600
ERRORS = (400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 500)
# Errors that speak through the page of another: 405 and 410 lead nowhere, 400 is a form that could not be read.
SHOWN_AS = {405: 404, 410: 404, 400: 422}
log = structlog.get_logger("web")


def register(app: Flask) -> None:
    """Sets up templates, headers, errors and the log of requests."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    formats.register(app)
    app.url_map.converters["int"] = Identifier
    app.url_defaults(partial(_stamp, Path(app.static_folder or "")))
    if app.config["TRACKER_MODE"] == "production":
        # One proxy in front, the site's own TLS. Elsewhere anybody could write these headers, and pass for another.
        proxied = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)
        app.wsgi_app = proxied  # type: ignore[method-assign]  # as Flask's own manual does
    app.before_request(_start_the_clock)
    app.before_request(_bound_what_is_read_in_memory)
    app.before_request(_refuse_what_no_text_holds)
    app.after_request(_add_headers)
    app.after_request(_tell_request)
    for code in ERRORS:
        app.register_error_handler(code, _show_error)
    got_request_exception.connect(_log_failure, app)
    app.log_exception = _say_no_more  # type: ignore[method-assign, assignment]  # Flask's own hook, without a subclass
    app.register_error_handler(CSRFError, _show_lost_form)
    app.register_error_handler(Stale, _show_stale)


def _stamp(folder: Path, endpoint: str, values: dict[str, Any]) -> None:
    # A style sheet's address changes with its content, so that browsers keep it a year and never an old one.
    if endpoint == "static" and "filename" in values:
        file = folder / values["filename"]
        values.setdefault("v", _digest_of(file, file.stat().st_mtime_ns) if file.is_file() else None)


@cache
def _digest_of(file: Path, _changed_at: int) -> str:
    return sha256(file.read_bytes()).hexdigest()[:10]


class Identifier(IntegerConverter):
    """A whole number in an address, no greater than the database holds; a greater one leads nowhere."""

    def __init__(self, url_map: Map, *args: Any, **bounds: Any) -> None:
        super().__init__(url_map, *args, **{"max": GREATEST_ID, **bounds})


def _bound_what_is_read_in_memory() -> None:
    # Werkzeug bounds the text of forms that carry files; it reads the others whole, whoever sends them.
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def _refuse_what_no_text_holds() -> None:
    # PostgreSQL's texts hold no NUL sign, so that nothing bears such an address.
    if any("\x00" in text for text in (request.path, *request.args.values())):
        abort(404)


def _start_the_clock() -> None:
    g.started, g.statements = time.perf_counter(), 0


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}; includeSubDomains")
    if current_app.testing:
        response.headers["X-Statements"] = str(g.get("statements", 0))
    if request.endpoint == "static":
        response.cache_control.max_age = ONE_YEAR
    elif not response.cache_control.max_age:
        # Also over what `send_file` says: a spreadsheet stays in no shared computer.
        response.headers["Cache-Control"] = "no-store"
    return response


def _tell_request(response: Response) -> Response:
    # The route's pattern, never the address: an address may carry a link's secret or a certificate's code.
    route, statements = request.url_rule.rule if request.url_rule else None, g.get("statements", 0)
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    log.info(
        "request",
        request=request.headers.get("X-Request-Id", ""),
        person=g.get("person_id"),
        route=route,
        method=request.method,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        statements=statements,
    )
    metrics.count_request(route, request.method, response.status_code, seconds, statements)
    return response


def _log_failure(_app: Flask, exception: Exception) -> None:
    # Where, never what: an error's text may hold a name, an address or a link's secret.
    frames = traceback.extract_tb(exception.__traceback__)[-FRAMES_TOLD:]
    log.error(
        "failure",
        error=" < ".join(type(error).__name__ for error in _causes_of(exception)),
        route=request.url_rule.rule if request.url_rule else None,
        where=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    )


def _causes_of(exception: BaseException | None) -> Iterator[BaseException]:
    """The exception, then each one it came from."""
    while exception is not None:
        yield exception
        exception = exception.__cause__ or exception.__context__


def _say_no_more(_exc_info: object) -> None:
    """Flask's own line would hold the whole address and the error's text."""


def count_statements(engine: Engine) -> None:
    """Counts the SQL statements of each request, for the log and for the tests."""

    @event.listens_for(engine, "before_cursor_execute")
    def _count(*_: Any) -> None:
        if g:
            g.statements = g.get("statements", 0) + 1


def _show_error(error: HTTPException) -> tuple[str, int]:
    return _error_page(error.code or 500, {"detail": ""})


def _show_lost_form(_error: CSRFError) -> tuple[str, int]:
    return _error_page(400, {"detail": "Votre page était ouverte depuis trop longtemps : rien n’a été enregistré."})


def _show_stale(error: Stale) -> tuple[str, int]:
    return _error_page(409, {"detail": error.changed})


def _error_page(code: int, context: Mapping[str, str]) -> tuple[str, int]:
    return render_template(f"errors/{SHOWN_AS.get(code, code)}.html", **context), code
