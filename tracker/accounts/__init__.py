"""Who: people with an account, their organisations, what they may do, and the journal of what they did.

| Code | Screen |
|---|---|
| person | personne |
| organisation | organisme, entreprise |
| membership | rattachement |
| access link | lien d’accès |
| journal | journal |
| procurement officer | acheteur·euse |
| clause facilitator | facilitateur·rice |
| prescriber | prescripteur |
| observer | observateur·rice |
"""
