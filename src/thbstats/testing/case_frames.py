"""Made-up cases of any number, whose shares are near those of published figures."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.errors import InvalidValue
from thbstats.geography import parse_country

__all__ = ["FORMS", "case_frame", "declared"]

Codes = NDArray[np.uint8]
Days = NDArray[np.int32]
"""Days since 1 January 1970."""

FORMS = ("sexual", "labour", "forced_begging", "forced_criminality", "forced_marriage")
"""The forms of exploitation that a made-up case can have."""

# Among those with a recorded form, COM(2018) 777: 56% sexual, 26% labour, 18% other, which is
# split here as nobody printed it.
_FORM = (0.56, 0.26, 0.07, 0.07, 0.04)
# COM(2018) 777: 95% of sexual are female, 80% of labour male, 68% of all female.
_FEMALE = (0.95, 0.20, 0.50, 0.45, 0.85)
# 23% of all are children; how they divide is made up.
_CHILD = (0.20, 0.12, 0.50, 0.55, 0.60)
_SEVERAL = 0.08  # made up: who has a second form
_OTHER_SEX = 0.001  # CTDC, 2021: 64 of 89,612
# What is not recorded. CTDC, 2021: sex of 8,138 and age of 26,504 of 97,750; COM(2018) 777: form of
# 14.4 to 15.9%. That of citizenship is made up.
_NO_SEX, _NO_AGE, _NO_FORM, _NO_CITIZENSHIP = 0.083, 0.27, 0.15, 0.06

# The top five of COM(2018) 777 in their order, and others, so that 44% are citizens of EU28.
_EU = {"RO": 0.16, "HU": 0.07, "NL": 0.06, "PL": 0.05, "BG": 0.04, "FR": 0.03, "IT": 0.03}
_OTHER = {"NG": 0.20, "AL": 0.12, "VN": 0.08, "CN": 0.05, "ER": 0.04, "MA": 0.03, "UA": 0.04}
_CITIZENSHIPS = _EU | _OTHER
_SEXES = ("female", "male", "other")
_YOUNGEST, _OLDEST = 8, 60
_EPOCH = date(1970, 1, 1).toordinal()
_LUCK = 1 << 16


# The signs for no answer, and how often each of them stands there.
_SIGNS = {None: 0.5, "-99": 0.3, "Unknown": 0.2}


def case_frame(
    rows: int,
    *,
    seed: int = 0,
    areas: Sequence[str] = ("NL", "IT", "RO", "FR", "MT"),
    years: Sequence[int] = (2015, 2016),
    forms: Literal["flags", "list"] = "flags",
    again: float = 0.03,
    silence: float = 1.0,
) -> pd.DataFrame:
    """Return made-up cases: nobody in them is real.

    Shares of all are near published ones: the forms of exploitation, sex and age of COM(2018) 777,
    and what is not recorded as in CTDC's k-anonymised data set of July 2021. Sex and age depend on
    the form, what is not recorded depends on the area, and some persons are registered again.
    Where no figure is published, one is made up: nothing can be learned from these cases.

    Parameters
    ----------
    rows : int
        How many registrations.
    seed : int
        The same seed gives the same frame, with one version of numpy.
    areas : sequence of str
        Reporting countries; the first has the most cases, and each after it fewer.
    years : sequence of int
        Calendar years.
    forms : {"flags", "list"}
        A column for each form (1, 0, -99 for no answer), or one that lists them (``;``).
    again : float
        The share of registrations of persons who are registered already, from 0 to 1. One in
        a hundred of these says another sex.
    silence : float
        How much is not recorded: 1 as published, 0 nothing, 2 twice as much.

    Returns
    -------
    DataFrame
        ``person`` (a number, -99 where nobody is named), ``area``, ``year``, ``registered`` and
        ``born`` (days), ``sex``, ``age``, ``citizenship``, and the forms. Where nothing was
        recorded stands nothing, ``"-99"`` or ``"Unknown"``; `declared` says so.

    Raises
    ------
    InvalidValue
        If a number of rows is negative, there is no area or year, or a share is out of range.

    Examples
    --------
    >>> from thbstats import share
    >>> from thbstats.cases import CaseStore
    >>> store = CaseStore.of(case_frame(20_000, seed=1), **declared())
    >>> table = store.count(by=["area", "period", "sex"])
    >>> women = share(table, sex="female", base="known", period=2015)
    >>> round(float(women), 2)
    0.68
    """
    _check(rows, areas, years, again, silence)
    rng = np.random.Generator(np.random.PCG64(seed))
    repeated = _luck(rng, rows) < _limits(again)
    repeated[:1] = False
    who = np.cumsum(~repeated, dtype=np.int32) - 1  # a new person each, but for who comes again
    earlier = rng.random(int(repeated.sum())) * who[repeated]
    who[repeated] = earlier.astype(np.int32)
    sizes = 1 / np.arange(1, len(areas) + 1)
    area, year = _drawn(rng, rows, sizes), _drawn(rng, rows, np.ones(len(years)))
    first = [date(y, 1, 1).toordinal() - _EPOCH for y in years]
    day = np.array(first, dtype=np.int32)[year] + rng.integers(0, 365, rows, dtype=np.int32)

    people = _People.of(rng, day[~repeated])
    form, second, born = people.form[who], people.second[who], people.born[who]
    sex = people.sex[who]
    wrong = repeated & (_luck(rng, rows) < _limits(0.01))
    sex[wrong] = np.array([1, 0, 0], dtype=np.uint8)[sex[wrong]]

    # Some areas record less than others; together they record as much as was published.
    weights = np.linspace(0.5, 1.5, len(areas))
    weights *= silence * sizes.sum() / (weights @ sizes)

    def silent(share: float) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = _luck(rng, rows) < _limits(share * weights)[area]
        return found

    undated = silent(_NO_AGE)
    columns: dict[str, Any] = {
        "person": np.where(silent(0.01), -99, who),
        "area": _column(area, [parse_country(code) for code in areas]),
        "year": np.array(years, dtype=np.int16)[year],
        "registered": _dates(day),
        "born": _dates(born, undated),
        "sex": _silenced(rng, sex, _SEXES, silent(_NO_SEX)),
        "age": _silenced(rng, _adults(born, day), ("child", "adult"), undated),
        "citizenship": _silenced(
            rng, people.citizenship[who], tuple(_CITIZENSHIPS), silent(_NO_CITIZENSHIP)
        ),
    }
    unrecorded = silent(_NO_FORM)
    if forms == "list":
        lists, places = _lists()
        columns["exploitation"] = _silenced(rng, places[form, second], lists, unrecorded)
        return pd.DataFrame(columns)
    # Every third area does not ask for the last form.
    unasked = unrecorded if silence == 0 else unrecorded | (area % 3 == 2)
    for number, name in enumerate(FORMS):
        answers = ((form == number) | (second == number)).astype(np.int8)
        answers[unasked if number == len(FORMS) - 1 else unrecorded] = -99
        columns[name] = answers
    return pd.DataFrame(columns)


def declared(forms: Literal["flags", "list"] = "flags") -> dict[str, Any]:
    """Return what `thbstats.cases.CaseStore.of` is to be told of the columns of `case_frame`.

    Parameters
    ----------
    forms : {"flags", "list"}
        How the forms of exploitation were written.

    Returns
    -------
    dict
        Keyword arguments.

    Examples
    --------
    >>> declared("list")["multi"]
    {'exploitation': 'exploitation'}
    """
    said = {name: name for name in FORMS}
    return {
        "columns": {"period": "year"},
        "multi": {"exploitation": said if forms == "flags" else "exploitation"},
        "missing": [None, -99],
        "unknown": ["Unknown"],
        "source": "Made-up cases",
        "status": "registered",
    }


def _check(
    rows: int, areas: Sequence[str], years: Sequence[int], again: float, silence: float
) -> None:
    if rows < 0:
        raise InvalidValue("fewer than no rows", field="rows", value=rows, hint="Give 0 or more")
    for name, given in (("areas", areas), ("years", years)):
        if not len(given):
            raise InvalidValue("there is none", field=name, value=given, hint="Name at least one")
    if not 0 <= again < 1:
        raise InvalidValue(
            "not a share", field="again", value=again, hint="Give 0 or more, and less than 1"
        )
    if not 0 <= silence <= 2:
        raise InvalidValue(
            "more is silent than there is", field="silence", value=silence, hint="Give 0 to 2"
        )


@frozen(eq=False)
class _People:
    """What is true of each person, recorded or not."""

    form: Codes
    second: Codes
    sex: Codes
    citizenship: Codes
    born: Days

    @classmethod
    def of(cls, rng: np.random.Generator, registered: Days) -> "_People":
        """Return persons by the day of their first registration."""
        size = len(registered)
        form = _drawn(rng, size, _FORM)
        several = _luck(rng, size) < _limits(_SEVERAL)
        sex = (_luck(rng, size) >= _limits(_FEMALE)[form]).astype(np.uint8)
        sex[_luck(rng, size) < _limits(_OTHER_SEX)] = 2
        child = _luck(rng, size) < _limits(_CHILD)[form]
        years = 18 + np.minimum(9 * rng.standard_exponential(size, np.float32), _OLDEST - 18)
        young = _YOUNGEST + (18 - _YOUNGEST) * rng.random(size, np.float32)
        years[child] = young[child]
        return cls(
            form=form,
            second=np.where(several, _drawn(rng, size, _FORM), form),
            sex=sex,
            citizenship=_drawn(rng, size, list(_CITIZENSHIPS.values())),
            born=registered - (years * np.float32(365.25)).astype(np.int32),
        )


def _luck(rng: np.random.Generator, size: int) -> NDArray[np.uint16]:
    """Draw numbers that are below a limit with the share that `_limits` was given."""
    return rng.integers(0, _LUCK, size, dtype=np.uint16)


def _limits(shares: Any) -> NDArray[np.uint16]:
    limits = np.minimum(np.round(np.multiply(shares, _LUCK)), _LUCK - 1)
    return np.asarray(limits, dtype=np.uint16)


def _drawn(rng: np.random.Generator, size: int, shares: Any) -> Codes:
    """Draw codes with shares that are given up to a factor."""
    ends = np.cumsum(shares) / np.sum(shares)
    table = np.searchsorted(ends[:-1], (np.arange(_LUCK) + 0.5) / _LUCK, side="right")
    return table.astype(np.uint8)[_luck(rng, size)]


def _dates(days: Days, missing: NDArray[np.bool_] | None = None) -> NDArray[Any]:
    found = days.astype("datetime64[D]").astype("datetime64[s]")
    if missing is not None:
        found[missing] = np.datetime64("NaT", "s")
    return found


def _adults(born: Days, day: Days) -> Codes:
    """Return 1 for who has had eighteen birthdays, else 0."""
    if not len(born):
        return np.zeros(0, dtype=np.uint8)
    start = int(born.min())
    calendar = [date.fromordinal(n + _EPOCH) for n in range(start, int(day.max()) + 1)]
    numbers = np.array([d.year * 10000 + d.month * 100 + d.day for d in calendar], dtype=np.int32)
    return (numbers[day - start] - numbers[born - start] >= 18 * 10000).astype(np.uint8)


def _lists() -> tuple[tuple[str, ...], Codes]:
    """Return every list of one or two forms, and its place by the two."""
    pairs = [(one, one) for one in range(len(FORMS))]
    pairs += list(combinations(range(len(FORMS)), 2))
    places = np.zeros((len(FORMS), len(FORMS)), dtype=np.uint8)
    for place, (one, two) in enumerate(pairs):
        places[one, two] = places[two, one] = place
    texts = (";".join(dict.fromkeys([FORMS[one], FORMS[two]])) for one, two in pairs)
    return tuple(texts), places


def _column(codes: Codes, words: Sequence[str]) -> Any:
    return pd.Categorical.from_codes(codes.astype(np.int8), pd.Index(words))


def _silenced(
    rng: np.random.Generator, codes: Codes, words: Sequence[str], silent: NDArray[np.bool_]
) -> Any:
    """Return words, with a sign for no answer where nothing was recorded."""
    found = codes.astype(np.int8)
    places = np.array([-1, len(words), len(words) + 1], dtype=np.int8)
    found[silent] = places[_drawn(rng, int(silent.sum()), list(_SIGNS.values()))]
    return pd.Categorical.from_codes(found, pd.Index([*words, *filter(None, _SIGNS)]))
