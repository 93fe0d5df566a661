"""Who may count: people, eligibility decisions, the proofs they rest on.

| Code | Screen |
|---|---|
| participant | participant·e |
| identity, its versions | identité, ses versions |
| eligibility decision | accord d’éligibilité |
| main category, others | catégorie principale, autres catégories |
| RSA status | situation au regard du RSA |
| level | niveau de diplôme |
| proof seen on, by | justificatif vu le, par |

No NIR is kept; disability is health data. Status, age, commune and level are frozen by the decision.
Texts: CCAG of 2021, article 16.1; TA Rennes, published 4 February 2026 (prior approval and proof of presence).
"""
