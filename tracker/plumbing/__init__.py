"""Machinery without a domain word: database, sessions, web, forms, lists, clock, papers, messages, queue, files."""
