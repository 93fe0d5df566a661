"""French text ↔ values, for contracts and their clauses."""
