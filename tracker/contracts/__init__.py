"""What was bought: operations, contracts, parties, events, clauses, obligations; DECP files.

| Code | Screen |
|---|---|
| buyer | acheteur |
| operation | opération |
| contract | marché (n°, lot) |
| holder, co-holder, lead, subcontractor | titulaire, cotraitant, mandataire, sous-traitant |
| clause | clause sociale d’insertion |
| lever | levier |
| hours due | heures dues |
| rhythm | rythme de dépôt |

Texts: Code de la commande publique, L2112-2, L2113-12 to -16, R2152-7, L3113-1; CCAG of 2021, article 16.1;
loi 2021-1104, article 35 (L2112-2-1 and L3114-2-1) for the duty since 22 August 2026.
"""
