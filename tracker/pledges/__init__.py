"""What employers undertook, on a clause or outside any contract; registering a clause writes one pledge per holder.

| Code | Screen |
|---|---|
| pledge | engagement (« offre d’insertion » dans une offre) |
| measure | ce qui est compté : heures, embauches, immersions, actions |
| enforceable | opposable |
| grouping, conjoint, solidary | groupement, conjoint, solidaire |
| share | part indicative |

Texts: Code de la commande publique, R2142-19 and following (groupings); R2152-7 (an offer binds).
A Département's other levers each have their own act: grant, guarantee, concession, charter.
"""
