"""Words every room shares, pure: months, periods, hours, identifiers, figures of law, refusals.

| Code | Screen |
|---|---|
| Month | mois civil |
| Period | période |
| hours | heures |
| Siret | SIRET |
| InForce | en vigueur |
| Objection | anomalie |
| Refused | refus |
"""
