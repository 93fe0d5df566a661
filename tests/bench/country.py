"""Years of a whole country's hours, made by a few statements: rows as the actions leave them, triggers asleep."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

FIRST_YEAR, YEARS = 2016, 10


@dataclass(frozen=True)
class Country:
    """How many of each; ten years hold about 5.5 lines a placement and 2.25 placements a person."""

    people: int

    @property
    def sizes(self) -> dict[str, int]:
        return {
            "people": self.people,
            "placements": self.people * 9 // 4,
            "clauses": max(50, self.people // 7),
            "employers": max(20, self.people // 20),
            "buyers": max(10, self.people // 100),
            "structures": max(3, self.people // 7_000),
            "years": YEARS,
            "first_year": FIRST_YEAR,
        }


# Multiplied by numbers that share no factor with the sizes, a row's rank gives values that follow no order.
STATEMENTS = (
    """INSERT INTO person (id, public_id, email, given_name, family_name, active, fs_uniquifier, created_at)
       VALUES (1, 'personne', 'claire@exemple.test', 'Claire', 'Morvan', true, 'unique', now())""",
    """INSERT INTO organisation (id, public_id, kind, identifier_kind, identifier, name, sort_key, created_at)
       SELECT i, 'o' || i,
           CASE WHEN i <= :structures THEN 'carrying_structure'
                WHEN i <= :structures + :buyers THEN 'buyer' ELSE 'company' END,
           'SIRET', 'o' || i, 'Organisation ' || i, 'organisation ' || i, now()
       FROM generate_series(1, :structures + :buyers + :employers) i""",
    """INSERT INTO contract (id, version_id, buyer_id, number, lot, object, is_concession, nature, procedure,
           amount_text, place_code, social_considerations, remarks, doubt, source, digest, search_text, sort_key,
           created_at)
       SELECT i, 1, :structures + 1 + (i * 7919::bigint) % :buyers, 'N' || i, '', 'Travaux', false, '', '', '',
           '', '{}', '[]', '', '', '', '', '', now()
       FROM generate_series(1, :clauses) i""",
    """INSERT INTO clause (id, version_id, contract_id, structure_id, lever, article, perimeter, facilitator_contact,
           edition_code, means, rhythm, deposit_day, registered_at)
       SELECT i, 1, i, 1 + (i * 104729::bigint) % :structures,
           (ARRAY['execution_condition', 'execution_condition', 'award_criterion', 'reserved_siae'])[1 + i % 4],
           '', '', '', 'EPEC-2021', '{direct_hire,hiring_out}', 'monthly', 15, now()
       FROM generate_series(1, :clauses) i""",
    """INSERT INTO pledge (id, public_id, structure_id, clause_id, organisation_id, made_on, note, created_at)
       SELECT i, 'p' || i, 1 + (i * 104729::bigint) % :structures, i,
           :structures + :buyers + 1 + (i * 7919::bigint) % :employers, make_date(:first_year, 1, 1), '', now()
       FROM generate_series(1, :clauses) i""",
    """INSERT INTO participant (id, public_id, version_id, structure_id, given_name, family_name, sort_key, born_on,
           sex, commune_code, level, same_as_id, created_at)
       SELECT i, 'h' || i, 1, 1 + i % :structures, 'Prénom', 'Nom ' || i, 'nom' || i,
           make_date(1960 + i % 45, 1 + i % 12, 1 + i % 28), (ARRAY['female', 'male', 'male'])[1 + i % 3],
           lpad((i % 95)::text, 2, '0') || lpad((i % 360)::text, 3, '0'),
           (ARRAY['below', '3', '3', '4', '5'])[1 + i % 5],
           CASE WHEN i % 200 = 0 THEN i - 1 END, now()
       FROM generate_series(1, :people) i""",
    """INSERT INTO eligibility_decision (id, participant_id, edition_code, outcome, main_category, other_categories,
           rsa_status, proof_kind, proof_seen_by, reason, frozen, decided_on, decided_by_id, decided_at)
       SELECT i, i, 'EPEC-2021', 'granted',
           CASE WHEN i % 5 < 2 THEN 'rsa' ELSE (ARRAY['deld', 'rqth', 'iae'])[1 + i % 3] END,
           CASE i % 4 WHEN 0 THEN '{qpv}' WHEN 1 THEN '{over_50,qpv}' ELSE '{}' END::text[],
           CASE WHEN i % 5 < 2 THEN (ARRAY['recipient', 'partner', 'dependant'])[1 + i % 3] ELSE 'none' END,
           'rsa', 'Claire Morvan', '',
           jsonb_build_object('age', 18 + i % 45, 'commune', p.commune_code, 'level', p.level,
                              'qpv', CASE WHEN i % 4 = 0 THEN 'QP0' || i % 1500 END),
           make_date(:first_year, 1, 1), 1, now()
       FROM generate_series(1, :people) i JOIN participant p ON p.id = i""",
    """INSERT INTO placement (id, public_id, version_id, pledge_id, participant_id, employer_id, contract_type, means,
           job, weekly_hours, site, tutor, starts_on, proposed_at, approved_on, decision_id, refusal_reason)
       SELECT i, 'e' || i, 1, l.id, 1 + (i * 15485863::bigint) % :people, l.organisation_id,
           (ARRAY['cdd', 'cddi', 'temporary', 'temporary_insertion', 'cdi'])[1 + i % 5],
           (ARRAY['direct_hire', 'hiring_out', 'hiring_out', 'contracting'])[1 + i % 4], 'maçon', 35, '', '',
           make_date((:first_year + i::bigint * :years / (:placements + 1))::int, 1 + i % 12, 1), now(),
           make_date(:first_year, 1, 1), 1 + (i * 15485863::bigint) % :people, ''
       FROM generate_series(1, :placements) i
       JOIN pledge l ON l.id = 1 + (i * 7919::bigint) % :clauses""",
    """INSERT INTO declaration (id, public_id, version_id, employer_id, clause_id, month, state, attested, submitted_at,
           created_at)
       SELECT row_number() OVER (), 'd' || row_number() OVER (), 1, employer_id, clause_id, month, 'accepted', true,
           now(), now()
       FROM (SELECT DISTINCT p.employer_id, l.clause_id, (p.starts_on + k * interval '1 month')::date AS month
             FROM placement p JOIN pledge l ON l.id = p.pledge_id, generate_series(0, p.id % 10) k) found""",
    """INSERT INTO hours_line (id, declaration_id, placement_id, month, part, from_on, to_on, state, version,
           declared_hours, accepted_hours, imputed_hours)
       SELECT row_number() OVER (), d.id, p.id, d.month, 0, d.month, d.month + 27,
           CASE WHEN (p.id + k) % 50 = 0 THEN 'refused' WHEN (p.id + k) % 50 = 1 THEN 'draft' ELSE 'accepted' END, 1,
           60 + (p.id * 31 % 9000) / 100.0,
           CASE WHEN (p.id + k) % 50 < 2 THEN 0 ELSE 60 + (p.id * 31 % 9000) / 100.0 END,
           CASE WHEN (p.id + k) % 50 < 2 THEN 0 ELSE 60 + (p.id * 31 % 9000) / 100.0 END
       FROM placement p JOIN pledge l ON l.id = p.pledge_id, generate_series(0, p.id % 10) k,
           declaration d
       WHERE d.employer_id = p.employer_id AND d.clause_id = l.clause_id
           AND d.month = (p.starts_on + k * interval '1 month')::date""",
    """INSERT INTO hours_line_version (id, line_id, number, hours, submitted_at, reason)
       SELECT id, id, 1, declared_hours, now(), '' FROM hours_line WHERE state <> 'draft'""",
    """INSERT INTO ledger_entry (id, line_id, line_version_id, pledge_id, clause_id, participant_id, decision_id, kind,
           month, hours, reasons, rule_version, booked_at)
       SELECT n.id, n.id, n.id, p.pledge_id, l.clause_id, p.participant_id, p.decision_id, 'count', n.month,
           n.accepted_hours, '[]', '1', now()
       FROM hours_line n JOIN placement p ON p.id = n.placement_id JOIN pledge l ON l.id = p.pledge_id
       WHERE n.state = 'accepted'""",
)


def settle(connection: Connection, country: Country) -> None:
    """Fills an empty database, as the server's own administrator: triggers and foreign keys sleep meanwhile."""
    connection.execute(text("SET session_replication_role = replica"))
    for statement in STATEMENTS:
        connection.execute(text(statement), country.sizes)
    connection.execute(text("SET session_replication_role = origin"))
    connection.commit()
    connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
