"""Age at an event, from the dates of birth and event."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.cases.answers import Meaning
from thbstats.cases.derived.age_keys import ADULT, OLDEST, Ages, age_key
from thbstats.cases.derived.days import VALID_DATE, Dates, undated_answer
from thbstats.cases.engine_columns import EngineColumn, EngineRequest
from thbstats.columns import Coded
from thbstats.columns.codes import lookup, narrowest_type, row_blocks
from thbstats.counting import Answer, spelling
from thbstats.errors import InvalidValue
from thbstats.records import Dimension
from thbstats.vocabulary import AgeConcept

__all__ = ["AgeAt"]

_RADIX = OLDEST + 3  # ages from -1, before the birth, to 121, above every valid age


def _concept(concept: str) -> str:
    return AgeConcept.parse(concept).value


@frozen(kw_only=True)
class AgeAt:
    r"""Child or adult at an event, by completed years since birth.

    .. math:: \text{age} = \text{year}_e - \text{year}_b - [\text{day}_e < \text{day}_b]

    where a day is a month and a day of the month. A person under 18 is a child. A date with only a
    year or a month gives an interval of ages; if the interval includes both sides of 18, the age is
    unknown.

    Parameters
    ----------
    birth, event : str
        The columns of the dates: dates, texts such as ``"2001-02-28"``, ``"2001-02"``,
        ``"2001"``, or years as numbers.
    concept : {"at_registration", "at_exploitation", "at_entry", "at_referral"}
        The event. Every count by age has it as ``age_concept``.

    Raises
    ------
    InvalidValue
        When cases are counted: if a value is neither a date nor declared, if an event is before the
        birth, or if a person would be older than 120 years.

    Notes
    -----
    The birthday of a person born on 29 February is 1 March in other years.

    DuckDB, polars, Spark and Ibis compute the age group of each row. Dates of dask, timestamps with
    a time zone (except those of Spark, which are local), and texts in other date formats
    (``"2001-W09-3"``) are returned as pairs of values and computed in memory.

    References
    ----------
    Directive 2011/36/EU, Article 2(6): a child is any person below 18 years of age.

    Examples
    --------
    >>> import pandas as pd
    >>> from thbstats.cases import count_cases
    >>> cases = pd.DataFrame(
    ...     {
    ...         "born": ["2000-02-29", "1998-03-02", "2000"],
    ...         "registered": ["2018-02-28", "2016-03-02", "2018-06-01"],
    ...     }
    ... )
    >>> age = AgeAt(birth="born", event="registered", concept="at_registration")
    >>> table = count_cases(cases, by="age", derive={"age": age}, area="MT", period="2016-2018")
    >>> [table.count(age=code).lower for code in ("child", "adult", "unknown")]
    [1, 1, 1]
    """

    birth: str
    event: str
    concept: str = field(converter=_concept)
    categories: tuple[str, ...] = field(default=(), init=False)
    is_multiple: bool = field(default=False, init=False)
    dimension: str = field(default="age", init=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the two dates."""
        return (self.birth, self.event)

    @property
    def constants(self) -> Mapping[str, str]:
        """The age concept."""
        return {"age_concept": self.concept}

    def combine(self, columns: Sequence[Coded[Any]], meaning: Meaning) -> Coded[Any]:
        """Return the ages of all cases, from the columns of their dates.

        There are many more pairs of days than ages, so that the pairs are never listed.
        """
        birth, event = (Dates.of(column, meaning) for column in columns)
        codes = np.empty(len(columns[0]), dtype=np.int32)
        for block in row_blocks(len(codes)):
            b, e = columns[0].codes[block], columns[1].codes[block]
            lowest = np.clip((event.first[e] - birth.last[b]) // 10000, -1, OLDEST + 1)
            highest = np.clip((event.last[e] - birth.first[b]) // 10000, -1, OLDEST + 1)
            # A person who may be born before the event was born before it.
            lowest = np.where(highest < 0, lowest, np.maximum(lowest, 0))
            ages = (lowest + 1) * _RADIX + highest + 1
            invalid = birth.invalid[b] * len(event.invalid_values) + event.invalid[e]
            codes[block] = np.where(invalid > 0, _RADIX**2 + invalid - 1, ages)
        there = np.flatnonzero(np.bincount(codes))
        values = [_ages(code, codes, columns, birth, event) for code in there.tolist()]
        positions = np.zeros(
            int(codes.max(initial=0)) + 1, dtype=narrowest_type(max(len(values), 1))
        )
        positions[there] = np.arange(len(there))
        return Coded(lookup(positions, codes), tuple((value,) for value in values))

    def engine_column(self, request: EngineRequest) -> EngineColumn | None:
        """Return the ages as an engine computes them; ``None`` if it cannot."""
        return age_key(request, self.birth, self.event)

    def read(self, dimension: Dimension, meaning: Meaning, values: tuple[Any, ...]) -> Answer:
        """Return child, adult, or unknown if both are possible."""
        ages: Ages = values[0]
        if ages.lowest is None or ages.highest is None:
            answers = [
                undated_answer(meaning, column, value)
                for column, value in ((self.birth, ages.birth), (self.event, ages.event))
                if value is not VALID_DATE
            ]
            return Answer() if None in answers else Answer(("unknown",))
        if ages.highest < 0 or ages.lowest > OLDEST:
            raise InvalidValue(
                "must be on or after the birth"
                if ages.highest < 0
                else f"must be at most {OLDEST} years after the birth",
                field=self.event,
                value=spelling(ages.event),
                hint=f"Correct the date or the birth ({spelling(ages.birth)}), or declare one in "
                "missing=[...]",
            )
        if ages.highest < ADULT:
            return Answer(("child",))
        return Answer(("adult",)) if ages.lowest >= ADULT else Answer(("unknown",))


def _ages(
    code: int, codes: NDArray[Any], columns: Sequence[Coded[Any]], birth: Dates, event: Dates
) -> Ages:
    if code >= _RADIX**2:
        before, after = divmod(code - _RADIX**2 + 1, len(event.invalid_values))
        return Ages(None, None, birth.invalid_values[before], event.invalid_values[after])
    lowest, highest = (age - 1 for age in divmod(code, _RADIX))
    if highest >= 0 and lowest <= OLDEST:
        return Ages(lowest, highest)
    row = int(np.argmax(codes == code))
    dates = [column.categories[column.codes[row]] for column in columns]
    return Ages(lowest, highest, *dates)
