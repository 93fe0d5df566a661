"""Pages of hours: the months declared and decided, and the end of a placement, which the hours already sent bound."""

from tracker.hours.views.blueprint import blueprint
from tracker.hours.views.months import (
    decide_declaration,
    declare_idle_months,
    declare_month,
    list_declarations,
    show_declaration,
)
from tracker.hours.views.periods import end_placement, renew_placement

__all__ = [
    "blueprint",
    "decide_declaration",
    "declare_idle_months",
    "declare_month",
    "end_placement",
    "list_declarations",
    "renew_placement",
    "show_declaration",
]
