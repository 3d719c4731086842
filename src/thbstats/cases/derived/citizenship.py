"""Group of a citizenship: reporting country, other EU or non-EU."""

from collections.abc import Mapping
from typing import Any, Literal

from attrs import field, frozen
from attrs.converters import optional

from thbstats.cases.answers import Meaning, SingleColumn
from thbstats.cases.derived.citizenship_keys import GROUPS, GroupParts, group_key
from thbstats.cases.derived.group_rules import (
    ReferenceTimes,
    group_citizenship,
    parse_period,
    reference_times,
)
from thbstats.cases.engine_columns import EngineColumn, EngineRequest
from thbstats.counting import Answer, spelling
from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.geography import Area, parse_country
from thbstats.records import Dimension
from thbstats.values import Period

__all__ = ["CitizenshipGroupAt"]


def _composition(area: str | Area) -> Area:
    return Area.parse(area)


@frozen(kw_only=True)
class CitizenshipGroupAt:
    """Group of a citizenship in a period: reporting country, other EU or non-EU.

    Parameters
    ----------
    citizenship : str
        The column of the country of citizenship; its values may also be groups.
    area : str, Area or None
        The column of the reporting country, or the reporting country of all cases; ``None`` for the
        groups ``eu`` and ``non_eu`` only.
    period : str, Period or None
        The column of a period or a day, or the period of all cases; not needed with ``eu``.
    eu : str or Area, optional
        The composition of the EU in the source, such as ``"EU28"``; by default the Member States
        in the period.
    on : {"start", "end"}, optional
        The day of the period that decides, if a country joined or left within it. By default the
        group of its citizens is unknown.

    Raises
    ------
    InvalidValue
        If neither a composition nor a period is given. When cases are counted: if the nationals of
        a dissolved state can have several groups, or the reporting country is not a Member State,
        so that the group ``eu`` would include its own nationals.

    References
    ----------
    Eurostat, concepts of citizenship: nationals, citizens of other EU Member States, citizens
    of non-member countries.

    Examples
    --------
    >>> import pandas as pd
    >>> from thbstats.cases import count_cases
    >>> from thbstats.geography import Area
    >>> cases = pd.DataFrame({"nationality": ["IT", "Croatia", "NG", "Romania"], "year": 2013})
    >>> group = CitizenshipGroupAt(citizenship="nationality", area=Area.parse("IT"), period="year")
    >>> table = count_cases(
    ...     cases, by="citizenship", derive={"citizenship": group}, area="IT", period=2013
    ... )
    >>> {code: table.count(citizenship=code).lower for code in table.categories("citizenship")}
    {'total': 4, 'eu': 2, 'reporting_country': 1, 'other_eu': 1, 'non_eu': 1, 'unknown': 1}
    """

    citizenship: str
    area: str | Area | None = None
    period: str | Period | None = None
    eu: Area | None = field(default=None, converter=optional(_composition))
    on: Literal["start", "end"] | None = None
    categories: tuple[str, ...] = field(default=(), init=False)
    is_multiple: bool = field(default=False, init=False)
    constants: Mapping[str, str] = field(factory=dict, init=False)
    dimension: str = field(default="citizenship", init=False)

    def __attrs_post_init__(self) -> None:
        if self.on not in (None, "start", "end"):
            raise InvalidValue(
                "`on` must be 'start' or 'end'", field="on", value=self.on, hint="Use on='start'"
            )
        if self.eu is None and self.period is None:
            raise InvalidValue(
                "`period` or `eu` must be given",
                field="period",
                hint="Name the column of the period, or use eu='EU28'",
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of citizenship, area and period."""
        named = (self.citizenship, self.area, self.period if self.eu is None else None)
        return tuple(name for name in named if isinstance(name, str))

    def engine_column(self, request: EngineRequest) -> EngineColumn | None:
        """Return the groups as an engine computes them; ``None`` if it cannot."""
        meaning = request.meaning
        parts = GroupParts(
            citizenship=self.citizenship,
            area=self.area if isinstance(self.area, str) else None,
            period=self.period if isinstance(self.period, str) and self.eu is None else None,
            answer=lambda value: SingleColumn(self.citizenship).read(
                request.dimension, meaning, (value,)
            ),
            home=lambda value: self._home(value, meaning),
            when=lambda value: self._when(value, meaning),
            reported=self.area is not None,
        )
        # The groups of an engine do not contain the values of the columns.
        return None if request.with_values else group_key(request, parts)

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return the group."""
        row = dict(zip(self.columns, values, strict=True))
        value = row[self.citizenship]
        answer = SingleColumn(self.citizenship).read(dimension, meaning, (value,))
        codes = set(answer.codes)
        if not codes or codes & GROUPS:
            return answer
        when = self._when(row.get(str(self.period)), meaning)
        home = self._home(row.get(str(self.area)), meaning)
        if when is None or (home is None and self.area is not None):
            return Answer(("unknown",))
        try:
            return group_citizenship(codes.pop(), home, when)
        except ThbstatsError as error:
            text = spelling(value)
            raise InvalidValue(
                error.problem,
                field=self.citizenship,
                value=text,
                hint=f"Use recode={{'citizenship': {{{text!r}: 'unknown'}}}} if it is unknown, or "
                "write the present citizenship",
            ) from None

    def _home(self, value: Any, meaning: Meaning) -> str | None:
        """Return the reporting country, or ``None`` if it is not recorded."""
        if self.area is None or isinstance(self.area, Area):
            return None if self.area is None else parse_country(self.area.code)
        text = spelling(value)
        if text in meaning.no_answer:
            return None
        try:
            return parse_country(text or "")
        except ThbstatsError as error:
            raise error.with_location(field=self.area, value=text) from None

    def _when(self, value: Any, meaning: Meaning) -> ReferenceTimes | None:
        """Return the compositions or days that decide; ``None`` if no day is recorded."""
        if self.eu is not None:
            return (self.eu,)
        if not isinstance(self.period, str):
            return reference_times(Period.parse(self.period or "not stated"), self.on)
        if spelling(value) in meaning.no_answer:
            return None
        return reference_times(parse_period(value, self.period), self.on)
