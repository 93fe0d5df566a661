"""Demonstration and operations, on the terminal; the rooms' own command groups are registered in `registry.py`."""
