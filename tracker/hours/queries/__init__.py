"""Every SELECT about declared, accepted and counted hours; what a viewer may see is decided here."""
