"""The insertion clause tracker: follows the hours that public contracts owe to people far from employment.

`ROOMS` is the order of the house: a room imports only rooms written above it. This file imports nothing, so that
rules run without Flask.
"""

ROOMS = (
    "vocabulary",
    "plumbing",
    "reference",
    "accounts",
    "settings",
    "territories",
    "publics",
    "contracts",
    "pledges",
    "participants",
    "placements",
    "hours",
    "followup",
    "controls",
    "certificates",
    "statements",
    "reminders",
    "records",
    "desk",
    "api",
)
