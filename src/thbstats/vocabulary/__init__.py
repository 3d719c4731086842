"""Code lists as string enumerations.

Each list is a subclass of `Code`: members are strings with ``label``, ``synonyms``, ``note`` and
``parent``; ``parse`` returns the member of a text. `ALL` contains all lists.
"""

from thbstats.vocabulary._code import Code
from thbstats.vocabulary.exploitation import CitizenshipGroup, Exploitation, Overlap
from thbstats.vocabulary.justice import (
    CooperationBody,
    CooperationKind,
    MeasureOutcome,
    Offence,
    ProtectionMeasure,
    Stage,
)
from thbstats.vocabulary.translations import LANGUAGES, labels
from thbstats.vocabulary.victims import (
    AgeConcept,
    AgeGroup,
    CountingUnit,
    Movement,
    RegisteringBody,
    Sex,
    VictimStatus,
)

__all__ = [
    "ALL",
    "LANGUAGES",
    "AgeConcept",
    "AgeGroup",
    "CitizenshipGroup",
    "Code",
    "CooperationBody",
    "CooperationKind",
    "CountingUnit",
    "Exploitation",
    "MeasureOutcome",
    "Movement",
    "Offence",
    "Overlap",
    "ProtectionMeasure",
    "RegisteringBody",
    "Sex",
    "Stage",
    "VictimStatus",
    "labels",
]

ALL: tuple[type[Code], ...] = (
    Sex,
    AgeGroup,
    AgeConcept,
    VictimStatus,
    Exploitation,
    CitizenshipGroup,
    Movement,
    RegisteringBody,
    Stage,
    Offence,
    CountingUnit,
    ProtectionMeasure,
    MeasureOutcome,
    CooperationBody,
    CooperationKind,
    Overlap,
)
