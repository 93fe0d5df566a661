"""The figures of speed and memory: `python -m tests.bench`, each beside what it cannot do without.

`--write` keeps the table in docs/performance.md; `--only imports` measures one family.
"""
