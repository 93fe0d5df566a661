"""Who is here, and whether this act is open to them: read by every view, and by the persona × route matrix."""

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, current_app, g, request, session, url_for

from tracker.accounts import actions, queries
from tracker.accounts.queries import SubjectName, Viewer
from tracker.accounts.rules import ATTEMPT_WINDOW, NAMELESS, TOKENS, Act, WayIn, may
from tracker.plumbing import clock, sessions
from tracker.plumbing.sessions import Actor

View = TypeVar("View", bound=Callable[..., Any])
READS = frozenset({"GET", "HEAD", "OPTIONS"})
NO_LINK = 0


def meet_visitor(subject_name: SubjectName) -> None:
    """Before each request: finds who is here, and tells the database who acts and whether it may write.

    The session's cookie is signed, so that its author may be named before the first statement; the membership is then
    read again, and an ended one acts for nobody; so is the link that opened the session, what it opens with it.
    `subject_name` calls what a link was sent for.
    """
    g.viewer, g.person_id = None, None
    may_write = request.method not in READS
    sessions.set_actor(Actor(WayIn.PAGE, read_only=not may_write))
    if request.endpoint == "static" or _is_nameless() or "person_id" not in session:
        return
    way_in, person_id = session.get("way_in", WayIn.PAGE), session["person_id"]
    sessions.set_actor(Actor(way_in, person_id, session.get("organisation_id"), read_only=not may_write))
    # A link's session that does not name its link, as those of an earlier version, names one that nobody has.
    link_id = session.get("link_id", NO_LINK if way_in == WayIn.LINK else None)
    g.viewer = queries.viewer_of(
        session.get("_user_id", ""), session.get("membership_id"), clock.today(), link_id, subject_name
    )
    if g.viewer is None:
        sessions.take_over(Actor(WayIn.PAGE, read_only=not may_write))
    else:
        g.person_id = g.viewer.person_id


def _is_nameless() -> bool:
    return getattr(current_app.view_functions.get(request.endpoint or ""), "act", None) in NAMELESS


def viewer() -> Viewer:
    """Who acts in this request; only behind an act that needs an account."""
    found: Viewer | None = g.viewer
    if found is None:
        abort(401)
    return found


def allowed(act: Act) -> Callable[[View], View]:
    """Opens a view to those who may do this act: 401 without an account, 403 for another role, or through a link.

    A machine that bears the act's own secret enters as nobody.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            found: Viewer | None = g.viewer
            if not (found.may(act) if found else may(None, act)) and not _bears_secret_of(act):
                abort(403 if found else 401)
            return view(*args, **kwargs)

        guarded.act = act  # type: ignore[attr-defined]  # read by the persona × route matrix
        return guarded  # type: ignore[return-value]  # wraps keeps the view's own signature

    return decorate


def _bears_secret_of(act: Act) -> bool:
    """Whether the request bears the secret that the site set for this act; compared in constant time."""
    wanted: str = current_app.config[TOKENS[act]] if act in TOKENS else ""
    borne = request.authorization
    if not wanted or borne is None or borne.type != "bearer":
        return False
    return hmac.compare_digest((borne.token or "").encode(), wanted.encode())


def limit_attempts(kind: str, key: str, at_most: int) -> None:
    """Answers 429 once somebody has tried too often in a quarter of an hour."""
    if actions.count_attempt(kind, key, clock.now(), ATTEMPT_WINDOW) > at_most:
        abort(429)


def address_of_link(secret: str) -> str:
    """The whole address that an access link's message carries, under the name this site is known by."""
    return f"{current_app.config['BASE_URL']}{url_for('accounts.open_link', secret=secret)}"
