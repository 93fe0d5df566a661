"""The verbs of hours: keeping a draft, sending a month, deciding it; none commits."""
