"""Records of counts: victims, justice, protection and cooperation.

The metadata of a field has ``dimension`` (true for a dimension) and ``total``: the code of "not
broken down", or ``None`` for an attribute without total.
"""

from typing import Any, ClassVar

from attrs import field, frozen

from thbstats._signatures import explain_arguments
from thbstats.records.converters import (
    complete_n_reporters,
    to_area,
    to_citizenship,
    to_count,
    to_n_reporters,
    to_period,
    to_reporters,
    to_sources,
    to_unanswered,
)
from thbstats.records.source import Source
from thbstats.values import Count, Period, parse_flags
from thbstats.vocabulary import (
    AgeConcept,
    AgeGroup,
    CitizenshipGroup,
    Classification,
    CooperationBody,
    CooperationKind,
    CountingUnit,
    Exploitation,
    MeasureOutcome,
    Movement,
    Offence,
    ProtectionMeasure,
    RegisteringBody,
    Sex,
    Stage,
    VictimStatus,
)

_ATTRIBUTE: dict[str, Any] = {"dimension": True, "total": None}
_BREAKDOWN: dict[str, Any] = {"dimension": True, "total": "total"}


@explain_arguments
@frozen(kw_only=True)
class Record:
    """Base class of the records of counts.

    Parameters
    ----------
    count : Count or int
        The count; an int is an exact count.
    area : str or Area
        The country or composition, stored as its canonical code.
    period : Period, str or int
        The reference period; ``"not stated"`` if the source does not state it.
    unit : CountingUnit
        The counting unit.
    register : RegisteringBody
        The registering body, not the reporting country.
    source : Source, str, iterable of Source or None
        The source; a sum can have several (field ``sources``).
    reporters : iterable of str or None
        The reporting countries; ``None`` if not documented.
    n_reporters : int or None
        Number of reporting countries, if only the number is documented.
    flags : str or iterable of str
        Observation flags, as letters.
    unanswered : int or None
        Further cases of the category if its answer is unknown; ``None`` without multiple
        response.
    """

    #: The classifications of dimensions that are not those of the library.
    classifications: ClassVar[tuple[Classification, ...]] = ()

    count: Count = field(converter=to_count)
    area: str = field(converter=to_area, metadata=_ATTRIBUTE)
    period: Period = field(converter=to_period, metadata=_ATTRIBUTE)
    unit: CountingUnit = field(
        default=CountingUnit.NOT_STATED, converter=CountingUnit, metadata=_ATTRIBUTE
    )
    register: RegisteringBody = field(
        default=RegisteringBody.NOT_STATED, converter=RegisteringBody, metadata=_ATTRIBUTE
    )
    sources: frozenset[Source] = field(default=frozenset(), converter=to_sources, alias="source")
    reporters: frozenset[str] | None = field(default=None, converter=to_reporters)
    n_reporters: int | None = field(default=None, converter=to_n_reporters)
    flags: frozenset[str] = field(default=frozenset(), converter=parse_flags)
    unanswered: int | None = field(default=None, converter=to_unanswered)

    def __attrs_post_init__(self) -> None:
        number = complete_n_reporters(self.reporters, self.n_reporters)
        object.__setattr__(self, "n_reporters", number)

    @property
    def source(self) -> Source | None:
        """The source, or ``None`` if there is not exactly one."""
        return next(iter(self.sources)) if len(self.sources) == 1 else None


@explain_arguments
@frozen(kw_only=True)
class VictimCount(Record):
    """Count of victims by status, sex, age, citizenship, form and movement.

    Defaults are the total of a breakdown, "not stated" for an attribute and persons for the unit.
    The other parameters are those of `Record`.

    Parameters
    ----------
    status : VictimStatus
        Registered, identified, presumed or detected.
    sex, age, exploitation, movement : Sex, AgeGroup, Exploitation, Movement
        The categories.
    age_concept : AgeConcept
        Reference moment of the age.
    citizenship : CitizenshipGroup or str
        A group, or the code of a country.

    Examples
    --------
    >>> VictimCount(
    ...     count=20532, area="EU28", period="2015-2016", status="registered"
    ... ).sex.label
    'Total'
    """

    unit: CountingUnit = field(
        default=CountingUnit.PERSONS, converter=CountingUnit, metadata=_ATTRIBUTE
    )
    status: VictimStatus = field(
        default=VictimStatus.NOT_STATED, converter=VictimStatus, metadata=_ATTRIBUTE
    )
    sex: Sex = field(default=Sex.TOTAL, converter=Sex, metadata=_BREAKDOWN)
    age: AgeGroup = field(default=AgeGroup.TOTAL, converter=AgeGroup, metadata=_BREAKDOWN)
    age_concept: AgeConcept = field(
        default=AgeConcept.NOT_STATED, converter=AgeConcept, metadata=_ATTRIBUTE
    )
    citizenship: str = field(
        default=CitizenshipGroup.TOTAL, converter=to_citizenship, metadata=_BREAKDOWN
    )
    exploitation: Exploitation = field(
        default=Exploitation.TOTAL, converter=Exploitation, metadata=_BREAKDOWN
    )
    movement: Movement = field(default=Movement.TOTAL, converter=Movement, metadata=_BREAKDOWN)


@explain_arguments
@frozen(kw_only=True)
class JusticeCount(Record):
    """Count of people, cases or decisions at a stage of criminal justice.

    The default unit is "not stated": published files contain persons, cases, prosecutions and
    convictions. The other parameters are those of `Record`.

    Parameters
    ----------
    stage : Stage
        Recorded, suspected, investigated, prosecuted or convicted.
    offence : Offence
        Trafficking, or the knowing use of the services of victims.
    sex, age, citizenship, exploitation : Sex, AgeGroup, CitizenshipGroup or str, Exploitation
        The categories; all but the form are those of the perpetrator.

    Examples
    --------
    >>> JusticeCount(
    ...     count=2927, area="EU28", period="2015-2016", stage="convicted", unit="convictions"
    ... ).offence.label
    'Trafficking in human beings'
    """

    stage: Stage = field(converter=Stage, metadata=_ATTRIBUTE)
    offence: Offence = field(default=Offence.TRAFFICKING, converter=Offence, metadata=_ATTRIBUTE)
    sex: Sex = field(default=Sex.TOTAL, converter=Sex, metadata=_BREAKDOWN)
    age: AgeGroup = field(default=AgeGroup.TOTAL, converter=AgeGroup, metadata=_BREAKDOWN)
    citizenship: str = field(
        default=CitizenshipGroup.TOTAL, converter=to_citizenship, metadata=_BREAKDOWN
    )
    exploitation: Exploitation = field(
        default=Exploitation.TOTAL, converter=Exploitation, metadata=_BREAKDOWN
    )


@explain_arguments
@frozen(kw_only=True)
class ProtectionCount(Record):
    """Count of protection measures requested, granted or refused.

    The default unit is "not stated". The other parameters are those of `Record`.

    Parameters
    ----------
    measure : ProtectionMeasure
        Assistance, referral, reflection period, residence permit, and so on.
    outcome : MeasureOutcome
        Sought, granted or refused.
    sex, age, citizenship, exploitation : Sex, AgeGroup, CitizenshipGroup or str, Exploitation
        The categories.

    Examples
    --------
    >>> permits = ProtectionCount(
    ...     count=Count.not_reported(), area="MT", period=2016, measure="residence permit"
    ... )
    >>> permits.measure.label, permits.outcome.label
    ('Residence permit', 'Not stated')
    """

    measure: ProtectionMeasure = field(converter=ProtectionMeasure, metadata=_ATTRIBUTE)
    outcome: MeasureOutcome = field(
        default=MeasureOutcome.NOT_STATED, converter=MeasureOutcome, metadata=_ATTRIBUTE
    )
    sex: Sex = field(default=Sex.TOTAL, converter=Sex, metadata=_BREAKDOWN)
    age: AgeGroup = field(default=AgeGroup.TOTAL, converter=AgeGroup, metadata=_BREAKDOWN)
    citizenship: str = field(
        default=CitizenshipGroup.TOTAL, converter=to_citizenship, metadata=_BREAKDOWN
    )
    exploitation: Exploitation = field(
        default=Exploitation.TOTAL, converter=Exploitation, metadata=_BREAKDOWN
    )


@explain_arguments
@frozen(kw_only=True)
class CooperationCount(Record):
    """Count of cases, messages or teams of cooperation through a Union body.

    The default unit is "not stated". The other parameters are those of `Record`.

    Parameters
    ----------
    body : CooperationBody
        Europol or Eurojust.
    kind : CooperationKind
        Cases, operational messages or joint investigation teams.

    Examples
    --------
    >>> CooperationCount(
    ...     count=8411, area="EU28", period="2016-2017", body="europol", kind="messages"
    ... ).kind.label
    'Operational messages'
    """

    body: CooperationBody = field(converter=CooperationBody, metadata=_ATTRIBUTE)
    kind: CooperationKind = field(converter=CooperationKind, metadata=_ATTRIBUTE)
