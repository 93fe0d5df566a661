"""Editions of the list of eligible publics: categories, the proofs each accepts, the terms of the window.

| Code | Screen |
|---|---|
| edition | liste des publics |
| category | catégorie de public |
| proof | justificatif |
| window | période de prise en compte |

Texts: CCAG of 2021, article 16.1.1.1; EPEC framework contract of 2021; Code du travail, L5212-13 (disabled workers);
the IAE order of 4 September 2025 lends the greatest ages of proofs (to confirm for clauses).
The word for RSA recipients is a setting (`rsa_word`); the labels here bear its default.
"""
