"""Every SELECT about contracts and clauses; what a viewer may see is decided here."""
