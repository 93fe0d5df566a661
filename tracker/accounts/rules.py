"""Who may do what: one table, read by the doors and by the tests.

A person acts in one role for one organisation at a time. `GRANTS` opens acts to roles; it never says whose contract or
whose person: that is each room's scoped query, which answers 404 for what is not yours. `ANYONE` holds acts open
without an account. `OPENED_BY` holds the acts that each kind of access link opens, of those the role has anyway, on the
one thing that the link was sent for.
"""

from datetime import timedelta
from enum import StrEnum

LINK_LIFE = timedelta(days=7)
SESSION_LIFE = timedelta(hours=12)
PASSWORD_LENGTH = 12
# How often one may try, in each quarter of an hour: an address's password, a machine's passwords, a machine's codes.
ATTEMPT_WINDOW = timedelta(minutes=15)
SIGN_INS_PER_ADDRESS = 10
SIGN_INS_PER_MACHINE = 60
LINKS_PER_MACHINE = 60
RENEWALS_PER_MEMBERSHIP = 5
VERIFICATIONS_PER_MACHINE = 120


class Role(StrEnum):
    """What a person is, for the organisation acted for."""

    OFFICER = "officer"
    EMPLOYER = "employer"
    FACILITATOR = "facilitator"
    PRESCRIBER = "prescriber"
    ADMINISTRATOR = "administrator"
    OBSERVER = "observer"

    @property
    def label(self) -> str:
        """The role's French name."""
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.OFFICER: "acheteur",
    Role.EMPLOYER: "employeur",
    Role.FACILITATOR: "facilitation",
    Role.PRESCRIBER: "prescripteur",
    Role.ADMINISTRATOR: "administration",
    Role.OBSERVER: "observation",
}


class OrganisationKind(StrEnum):
    """What an organisation is in this field."""

    BUYER = "buyer"
    COMPANY = "company"
    INSERTION_STRUCTURE = "insertion_structure"
    CARRYING_STRUCTURE = "carrying_structure"
    PRESCRIBER = "prescriber"

    @property
    def label(self) -> str:
        """The kind's French name."""
        return KIND_LABELS[self]


KIND_LABELS = {
    OrganisationKind.BUYER: "acheteur public",
    OrganisationKind.COMPANY: "entreprise",
    OrganisationKind.INSERTION_STRUCTURE: "structure d’insertion",
    OrganisationKind.CARRYING_STRUCTURE: "structure porteuse",
    OrganisationKind.PRESCRIBER: "prescripteur",
}


class WayIn(StrEnum):
    """How an act entered the program."""

    PAGE = "page"
    LINK = "link"
    IMPORT = "import"
    JOB = "job"
    COMMAND = "command"
    API = "api"


class LinkPurpose(StrEnum):
    """Why an access link was sent."""

    INVITATION = "invitation"


# The one thing an access link was sent for, kind and id: a clause, or a pledge outside any contract.
Subject = tuple[str, int]


class Act(StrEnum):
    """Everything a page can be asked to do."""

    READ_PUBLIC_PAGES = "read_public_pages"
    VERIFY_CERTIFICATE = "verify_certificate"
    SIGN_IN = "sign_in"
    SPEND_LINK = "spend_link"
    SIGN_OUT = "sign_out"
    CHOOSE_ORGANISATION = "choose_organisation"
    SEE_DESK = "see_desk"
    SEE_CONTRACTS = "see_contracts"
    IMPORT_CONTRACTS = "import_contracts"
    REGISTER_CLAUSE = "register_clause"
    INVITE_EMPLOYER = "invite_employer"
    SEE_SENT_MESSAGES = "see_sent_messages"
    PROPOSE_PLACEMENT = "propose_placement"
    AMEND_PLACEMENT = "amend_placement"
    SEE_PLACEMENTS = "see_placements"
    DECIDE_ELIGIBILITY = "decide_eligibility"
    SEE_PARTICIPANTS = "see_participants"
    CORRECT_IDENTITY = "correct_identity"
    DECLARE_HOURS = "declare_hours"
    SEE_DECLARATIONS = "see_declarations"
    DECIDE_HOURS = "decide_hours"
    SEE_CERTIFICATES = "see_certificates"
    ISSUE_CERTIFICATE = "issue_certificate"
    SEE_SETTINGS = "see_settings"
    SEE_METRICS = "see_metrics"
    PROBE = "probe"


ANYONE = frozenset({Act.READ_PUBLIC_PAGES, Act.VERIFY_CERTIFICATE, Act.SIGN_IN, Act.SPEND_LINK, Act.PROBE})
# Acts before which nobody asks who is here: they must answer when the database does not.
NAMELESS = frozenset({Act.PROBE})
# Acts open to a machine too, by the secret that this setting holds.
TOKENS = {Act.SEE_METRICS: "METRICS_TOKEN"}
EVERY_ROLE = frozenset(Role)
# Who carries the work: the facilitator, and the administrator who may stand in for one.
IN_CHARGE = frozenset({Role.FACILITATOR, Role.ADMINISTRATOR})

GRANTS: dict[Act, frozenset[Role]] = {
    Act.SIGN_OUT: EVERY_ROLE,
    Act.CHOOSE_ORGANISATION: EVERY_ROLE,
    Act.SEE_DESK: EVERY_ROLE,
    Act.SEE_CONTRACTS: frozenset({Role.OFFICER, Role.EMPLOYER, Role.OBSERVER}) | IN_CHARGE,
    Act.IMPORT_CONTRACTS: frozenset({Role.OFFICER, Role.ADMINISTRATOR}),
    Act.REGISTER_CLAUSE: frozenset({Role.OFFICER}) | IN_CHARGE,
    Act.INVITE_EMPLOYER: frozenset({Role.OFFICER}) | IN_CHARGE,
    Act.SEE_SENT_MESSAGES: frozenset({Role.ADMINISTRATOR}),
    Act.PROPOSE_PLACEMENT: frozenset({Role.EMPLOYER}) | IN_CHARGE,
    Act.AMEND_PLACEMENT: frozenset({Role.EMPLOYER}) | IN_CHARGE,
    Act.SEE_PLACEMENTS: frozenset({Role.EMPLOYER, Role.PRESCRIBER}) | IN_CHARGE,
    Act.DECIDE_ELIGIBILITY: IN_CHARGE,
    Act.SEE_PARTICIPANTS: IN_CHARGE,
    Act.CORRECT_IDENTITY: IN_CHARGE,
    Act.DECLARE_HOURS: frozenset({Role.EMPLOYER}),
    Act.SEE_DECLARATIONS: frozenset({Role.EMPLOYER}) | IN_CHARGE,
    Act.DECIDE_HOURS: IN_CHARGE,
    Act.SEE_CERTIFICATES: frozenset({Role.OFFICER, Role.EMPLOYER, Role.OBSERVER}) | IN_CHARGE,
    Act.ISSUE_CERTIFICATE: IN_CHARGE,
    Act.SEE_SETTINGS: frozenset({Role.ADMINISTRATOR}),
    Act.SEE_METRICS: frozenset({Role.ADMINISTRATOR}),
}

OPENED_BY: dict[LinkPurpose, frozenset[Act]] = {
    # An employer's whole work on what it was invited for; a certificate's reader is the holder (`domain.md` §10).
    LinkPurpose.INVITATION: frozenset(
        {
            Act.SIGN_OUT,
            Act.SEE_DESK,
            Act.SEE_CONTRACTS,
            Act.PROPOSE_PLACEMENT,
            Act.AMEND_PLACEMENT,
            Act.SEE_PLACEMENTS,
            Act.DECLARE_HOURS,
            Act.SEE_DECLARATIONS,
            Act.SEE_CERTIFICATES,
        }
    ),
}


def may(role: Role | None, act: Act, purpose: LinkPurpose | None = None) -> bool:
    """Whether a role may do this act, let in by a link of that purpose, or by its password when there is none.

    No role is somebody without an account.
    """
    if act in ANYONE:
        return True
    is_opened = purpose is None or act in OPENED_BY[purpose]
    return role is not None and role in GRANTS[act] and is_opened


# How the journal's verbs read on screen; a test looks for each verb the actions write.
VERBS = {
    "certificate_issued": "Attestation délivrée",
    "certificate_revoked": "Attestation révoquée",
    "person_added": "Accès ouvert à une personne",
    "membership_added": "Rattachement ajouté",
    "membership_resumed": "Rattachement repris",
    "link_spent": "Entrée par lien",
    "link_renewed": "Nouveau lien envoyé",
    "employer_invited": "Employeur invité",
    "contracts_imported": "Marchés importés",
    "contract_imported": "Marché importé",
    "contract_republished": "Nouvelle publication reçue",
    "clause_registered": "Clause enregistrée",
    "pledges_made": "Engagement de chaque titulaire",
    "obligation_changed": "Heures dues modifiées",
    "participant_entered": "Personne enregistrée",
    "identity_corrected": "Identité corrigée",
    "identity_versions_purged": "Versions de l’identité effacées",
    "placement_proposed": "Mise à l’emploi proposée",
    "employer_joined": "Employeur ajouté à la clause",
    "eligibility_granted": "Éligibilité accordée",
    "eligibility_refused": "Éligibilité refusée",
    "placement_approved": "Accord préalable donné",
    "placement_refused": "Mise à l’emploi refusée",
    "placement_ended": "Fin anticipée de la mise à l’emploi",
    "placement_renewed": "Mise à l’emploi renouvelée",
    "declaration_submitted": "Déclaration transmise",
    "declaration_decided": "Décision sur la déclaration",
}


def verb_in_french(verb: str) -> str:
    """What the journal shows for a verb; the verb itself when it has no words yet."""
    return VERBS.get(verb, verb)
