"""Code lists as string enumerations.

Each list is a subclass of `Code`: members are strings with ``label``, ``synonyms``, ``note`` and
``parent``; ``parse`` returns the member of a text. `ALL` contains all lists.
"""

from thbstats.vocabulary._code import Code
from thbstats.vocabulary.age import AgeConcept, AgeGroup
from thbstats.vocabulary.citizenship import CitizenshipGroup
from thbstats.vocabulary.cooperation import CooperationBody, CooperationKind
from thbstats.vocabulary.exploitation import Exploitation
from thbstats.vocabulary.justice import Offence, Stage
from thbstats.vocabulary.movement import Movement
from thbstats.vocabulary.overlap import Overlap
from thbstats.vocabulary.protection import MeasureOutcome, ProtectionMeasure
from thbstats.vocabulary.register import RegisteringBody
from thbstats.vocabulary.sex import Sex
from thbstats.vocabulary.status import VictimStatus
from thbstats.vocabulary.translations import LANGUAGES, labels
from thbstats.vocabulary.unit import CountingUnit

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
