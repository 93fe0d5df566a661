"""Hours: declared by employers, accepted by facilitators, counted by rules, followed to the end.

| Code | Screen |
|---|---|
| declaration, line | déclaration mensuelle, ligne |
| part, cell | partie de mois |
| declared | déclarées |
| accepted | acceptées |
| counted | validées |
| refused | refusées |
| expected | attendues |
| projected | projetées |
| remaining | restantes |
| anomaly | anomalie |
| verdict | validation et ses motifs |
| waiver | dérogation de l’acheteur |

Texts: C. trav. L3121-20 and L3121-21 (48 and 60 h a week), L3162-1 (under 18), L3231-2 and following (SMIC);
CCAG of 2021, article 16.1; TA Rennes, published 4 February 2026 (prior approval and proof of presence).
"""
