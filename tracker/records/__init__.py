"""Pages that gather every room about one contract or one clause.

| Code | Screen |
|---|---|
| record | fiche |
"""
