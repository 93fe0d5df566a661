"""What must hold of every row, asked of the database: each statement counts what breaks it."""

# A French name, and a statement whose only figure must be zero.
SUMS: dict[str, str] = {
    "heures imputées = somme du registre": """
        SELECT count(*) FROM hours_line line
        LEFT JOIN (SELECT line_id, sum(hours) AS hours FROM ledger_entry GROUP BY line_id) booked
        ON booked.line_id = line.id WHERE line.imputed_hours <> coalesce(booked.hours, 0)
    """,
    "heures acceptées selon l’état de la ligne": """
        SELECT count(*) FROM hours_line
        WHERE accepted_hours <> CASE WHEN state = 'accepted' THEN declared_hours ELSE 0 END
    """,
    "dernière version = ligne": """
        SELECT count(*) FROM hours_line line
        LEFT JOIN hours_line_version version ON version.line_id = line.id AND version.number = line.version
        WHERE CASE WHEN line.version = 0 THEN line.state <> 'draft' OR version.id IS NOT NULL
        ELSE version.hours IS DISTINCT FROM line.declared_hours
        OR coalesce(version.outcome, 'submitted') <> line.state END
    """,
    "versions numérotées sans trou": """
        SELECT count(*) FROM (SELECT line_id FROM hours_line_version GROUP BY line_id
        HAVING max(number) <> count(*)) holed
    """,
    "ligne acceptée inscrite au registre": """
        SELECT count(*) FROM hours_line line LEFT JOIN (SELECT DISTINCT line_id FROM ledger_entry) booked
        ON booked.line_id = line.id WHERE (line.state = 'accepted') <> (booked.line_id IS NOT NULL)
    """,
    "registre fidèle à la ligne et à la mise à l’emploi": """
        SELECT count(*) FROM ledger_entry entry
        JOIN hours_line line ON line.id = entry.line_id
        JOIN hours_line_version version ON version.id = entry.line_version_id
        JOIN placement ON placement.id = line.placement_id
        JOIN pledge ON pledge.id = placement.pledge_id
        WHERE (entry.month, entry.pledge_id, entry.clause_id, entry.participant_id, entry.decision_id, version.line_id)
        IS DISTINCT FROM
        (line.month, placement.pledge_id, pledge.clause_id, placement.participant_id, placement.decision_id, line.id)
    """,
    "une ligne par mise à l’emploi, mois et partie": """
        SELECT count(*) FROM (SELECT FROM hours_line GROUP BY placement_id, month, part HAVING count(*) > 1) twice
    """,
    "déclaration fidèle à ses lignes": """
        SELECT count(*) FROM hours_line line
        JOIN declaration ON declaration.id = line.declaration_id
        JOIN placement ON placement.id = line.placement_id
        JOIN pledge ON pledge.id = placement.pledge_id
        WHERE (declaration.month, declaration.employer_id, declaration.clause_id)
        IS DISTINCT FROM (line.month, placement.employer_id, pledge.clause_id)
    """,
    "état de la déclaration selon ses lignes": """
        SELECT count(*) FROM declaration LEFT JOIN (
            SELECT declaration_id, CASE WHEN bool_or(state = 'draft') THEN 'draft'
            WHEN bool_or(state = 'submitted') THEN 'submitted' WHEN bool_or(state = 'returned') THEN 'returned'
            WHEN bool_or(state = 'refused') THEN 'partly_refused' ELSE 'accepted' END AS state
            FROM hours_line GROUP BY declaration_id
        ) made ON made.declaration_id = declaration.id WHERE declaration.state IS DISTINCT FROM made.state
    """,
    "lignes dans le mois et dans la mise à l’emploi": """
        SELECT count(*) FROM hours_line line JOIN placement ON placement.id = line.placement_id
        WHERE line.from_on < greatest(line.month, placement.starts_on)
        OR line.to_on > least((line.month + interval '1 month - 1 day')::date, placement.ends_on)
    """,
    "heures comptées à partir de l’accord": """
        SELECT count(*) FROM ledger_entry entry JOIN hours_line line ON line.id = entry.line_id
        JOIN placement ON placement.id = line.placement_id
        WHERE entry.hours > 0 AND (placement.approved_on > line.from_on) IS NOT FALSE
    """,
    "accord fondé sur une décision favorable et antérieure": """
        SELECT count(*) FROM placement JOIN eligibility_decision decision ON decision.id = placement.decision_id
        WHERE decision.outcome <> 'granted' OR decision.decided_on > placement.approved_on
        OR decision.participant_id <> placement.participant_id
    """,
    "employeur qui peut lire le nom et voir la clause": """
        SELECT count(*) FROM placement JOIN pledge ON pledge.id = placement.pledge_id
        JOIN clause ON clause.id = pledge.clause_id
        WHERE NOT EXISTS (SELECT FROM participant_access WHERE participant_id = placement.participant_id
            AND organisation_id = placement.employer_id)
        OR NOT (EXISTS (SELECT FROM clause_party WHERE clause_id = clause.id
            AND organisation_id = placement.employer_id)
            OR EXISTS (SELECT FROM contract_party WHERE contract_id = clause.contract_id
            AND organisation_id = placement.employer_id))
    """,
    "un engagement par titulaire": """
        SELECT count(*) FROM contract_party party JOIN clause ON clause.contract_id = party.contract_id
        WHERE NOT EXISTS (SELECT FROM pledge WHERE clause_id = clause.id AND organisation_id = party.organisation_id)
    """,
    "heures dues de chaque clause": """
        SELECT count(*) FROM clause WHERE coalesce((SELECT sum(hours) FROM obligation_event event
        WHERE event.clause_id = clause.id), 0) <= 0
    """,
    "contraintes vérifiées, index valides, déclencheurs en service": """
        SELECT (SELECT count(*) FROM pg_constraint WHERE NOT convalidated)
        + (SELECT count(*) FROM pg_index WHERE NOT indisvalid)
        + (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O')
    """,
}
# The figures of the last year: hours, RSA hours of them, people, contracts and buyers with a counted hour.
LAST_YEAR = """
    SELECT coalesce(sum(entry.hours), 0),
        coalesce(sum(entry.hours) FILTER (WHERE decision.rsa_status IN ('recipient', 'partner')), 0),
        count(DISTINCT entry.participant_id), count(DISTINCT entry.clause_id), count(DISTINCT contract.buyer_id)
    FROM ledger_entry entry
    JOIN eligibility_decision decision ON decision.id = entry.decision_id
    JOIN clause ON clause.id = entry.clause_id JOIN contract ON contract.id = clause.contract_id
    WHERE entry.hours > 0 AND entry.month BETWEEN %(first)s AND %(last)s
"""
# Which world stands: its last year and its number of years, its carrying structures, its firms.
WORLD = """
    SELECT extract(year FROM max(month))::int, (extract(year FROM max(month)) - extract(year FROM min(month)))::int + 1,
        (SELECT count(*) FROM organisation WHERE kind = 'carrying_structure'),
        (SELECT count(*) FROM organisation WHERE kind IN ('company', 'insertion_structure'))
    FROM ledger_entry
"""
# Hours of the whole ledger by what a published axis looks at.
_BY_PLACEMENT = "JOIN hours_line line ON line.id = entry.line_id JOIN placement ON placement.id = line.placement_id"
_BY_CONTRACT = "JOIN clause ON clause.id = entry.clause_id JOIN contract ON contract.id = clause.contract_id"
HOURS_BY: dict[str, str] = {
    "modalité d’embauche": f"""
        SELECT coalesce(employer.structure_type, 'Embauche directe'), sum(entry.hours) FROM ledger_entry entry
        {_BY_PLACEMENT} JOIN organisation employer ON employer.id = placement.employer_id GROUP BY 1
    """,
    "contrat": f"SELECT contract_type, sum(entry.hours) FROM ledger_entry entry {_BY_PLACEMENT} GROUP BY 1",
    "secteur": f"SELECT contract.cpv, sum(entry.hours) FROM ledger_entry entry {_BY_CONTRACT} GROUP BY 1",
    "donneur d’ordres": f"""
        SELECT buyer.name, sum(entry.hours) FROM ledger_entry entry {_BY_CONTRACT}
        JOIN organisation buyer ON buyer.id = contract.buyer_id GROUP BY 1
    """,
    "catégorie de clause": f"SELECT clause.lever, sum(entry.hours) FROM ledger_entry entry {_BY_CONTRACT} GROUP BY 1",
}
