"""Who sees what, what nobody is told, and what no request may do: read on every route of Flask's own map."""
