"""These tests may ask for the list of communes, or for a site without it."""

from tests.communes import communes, no_communes

__all__ = ["communes", "no_communes"]
