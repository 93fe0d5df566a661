"""Figures of the house and rules no source confirmed: dated settings with a default, handed to rules as values.

| Code | Screen |
|---|---|
| setting | réglage |
| default | valeur par défaut |
| to confirm | à confirmer |
| level of a check | niveau d’un contrôle |
"""
