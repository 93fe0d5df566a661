"""Imported lists that every room may ask: the communes, their département, postal codes and EPCI.

| Code | Screen |
|---|---|
| commune | commune |
| department | département |
| EPCI | intercommunalité (EPCI) |

Source: `@etalab/decoupage-administratif` (MIT), kept in `data/` with its licence.
"""
