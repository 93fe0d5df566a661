"""A civil year's figures: what they are broken down by, and who may read each breakdown."""

from enum import StrEnum

# The first age of each band but the first: under 26, 26 to 40, 41 to 50, 51 and over.
AGE_BOUNDS = (26, 41, 51)


class Dimension(StrEnum):
    """What a year is broken down by; what is of the person is as frozen by the decision each hour rests on."""

    SEX = "sex"
    AGE = "age"
    LEVEL = "level"
    MAIN_CATEGORY = "main_category"
    CATEGORY = "category"
    RSA = "rsa"
    COMMUNE = "commune"
    QPV = "qpv"
    CONTRACT_TYPE = "contract_type"
    MEANS = "means"
    EMPLOYER = "employer"
    STRUCTURE = "structure"
    BUYER = "buyer"
    LEVER = "lever"

    @property
    def label(self) -> str:
        """« par catégorie principale » without its « par »."""
        return _LABELS[self]

    @property
    def tells_why(self) -> bool:
        """Whether it says why people are eligible: for those in charge alone (`domain.md` §11)."""
        return self in {Dimension.MAIN_CATEGORY, Dimension.CATEGORY, Dimension.RSA, Dimension.QPV}

    @property
    def adds_up(self) -> bool:
        """Whether each hour stands in one group only; a person has one main category and any others."""
        return self is not Dimension.CATEGORY


_LABELS = {
    Dimension.SEX: "sexe",
    Dimension.AGE: "âge à la décision",
    Dimension.LEVEL: "niveau de diplôme",
    Dimension.MAIN_CATEGORY: "catégorie principale",
    Dimension.CATEGORY: "catégorie, principale ou non",
    Dimension.RSA: "lien au RSA",
    Dimension.COMMUNE: "commune du domicile",
    Dimension.QPV: "quartier prioritaire du domicile",
    Dimension.CONTRACT_TYPE: "type de contrat",
    Dimension.MEANS: "modalité de mise en œuvre",
    Dimension.EMPLOYER: "employeur",
    Dimension.STRUCTURE: "structure porteuse",
    Dimension.BUYER: "acheteur",
    Dimension.LEVER: "nature de la clause",
}


def dimensions_for(is_in_charge: bool) -> tuple[Dimension, ...]:
    """The breakdowns somebody may read."""
    return tuple(one for one in Dimension if is_in_charge or not one.tells_why)


def age_band(rank: int) -> str:
    """« 26 à 40 ans », of the bands in their order from 0."""
    if rank == 0:
        return f"moins de {AGE_BOUNDS[0]} ans"
    if rank == len(AGE_BOUNDS):
        return f"{AGE_BOUNDS[-1]} ans et plus"
    return f"{AGE_BOUNDS[rank - 1]} à {AGE_BOUNDS[rank] - 1} ans"
