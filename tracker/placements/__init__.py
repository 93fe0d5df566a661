"""Who works for whom: a person, an employer, a pledge; and the window in which hours count.

| Code | Screen |
|---|---|
| placement | mise à l’emploi |
| means | modalité de mise en œuvre |
| contract type | type de contrat de travail |
| window | « heures prises en compte jusqu’au … » |
| sector | secteur |
| change | fin anticipée, renouvellement |

Texts: C. trav. L3121-20, L3121-21, L3162-1 (weekly hours), L6325-1 and L6221-1 (work-study), L5132-5 and following
(insertion). The 24 months of the window are to confirm; 4 years for a permanent contract come from the EPEC list.
"""
