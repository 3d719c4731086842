"""Code lists as string enumerations.

Each list is a subclass of `Code`: members are strings with ``label``, ``synonyms``, ``note`` and
``parent``; ``parse`` returns the member of a text. `ALL` contains all lists. A `Classification` is
the document of a list; users write their own for further dimensions.
"""

from thbstats.vocabulary.bands import age_bands
from thbstats.vocabulary.category import Category
from thbstats.vocabulary.classification import BUNDLED, Classification, bundled_classification
from thbstats.vocabulary.codes import (
    AgeConcept,
    AgeGroup,
    CitizenshipGroup,
    Code,
    CooperationBody,
    CooperationKind,
    CountingUnit,
    Exploitation,
    MeasureOutcome,
    Movement,
    Offence,
    Overlap,
    ProtectionMeasure,
    RegisteringBody,
    Sex,
    Stage,
    VictimStatus,
    code_list,
    code_lists,
)
from thbstats.vocabulary.translations import code_text, dimension_text, labels

__all__ = [
    "ALL", "BUNDLED", "AgeConcept", "AgeGroup", "Category", "CitizenshipGroup", "Classification",
    "Code", "CooperationBody", "CooperationKind", "CountingUnit", "Exploitation", "MeasureOutcome",
    "Movement", "Offence", "Overlap", "ProtectionMeasure", "RegisteringBody", "Sex", "Stage",
    "VictimStatus", "age_bands", "bundled_classification", "code_list", "code_text",
    "dimension_text", "labels",
]  # fmt: skip

ALL: tuple[type[Code], ...] = code_lists()
