"""Certificates: the verdict on a clause, frozen, numbered, printed, and verifiable by anybody.

| Code | Screen |
|---|---|
| certificate | attestation de réalisation de la clause sociale d’insertion |
| interim, final | intermédiaire, définitive |
| outcome | objectif atteint, objectif non atteint |
| check code | code de contrôle |
| fingerprint | empreinte |
| replaced, revoked | remplacée, révoquée |

Only counted hours make the result; no category of public stands on it, since its reader is the holder.
Texts: CCAG of 2021, article 16.1. The buyer alone judges performance.
"""
