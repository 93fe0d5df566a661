"""Tests mirror tracker/; each folder of tests is a package, so that two rooms may both have a test_rules.py."""
