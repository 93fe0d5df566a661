"""Home pages: what waits for you today; search; the pages every site must have.

| Code | Screen |
|---|---|
| desk | à faire |
| task | dossier qui attend |
"""
