"""Synthetic cases with shares near published figures."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.errors import require
from thbstats.geography import parse_country

Codes = NDArray[np.uint8]
Days = NDArray[np.int32]
"""Days since 1 January 1970."""

FORMS = ("sexual", "labour", "forced_begging", "forced_criminality", "forced_marriage")
"""The forms of exploitation of synthetic cases."""

# Victims of known form, COM(2018) 777: 56% sexual, 26% labour, 18% other, whose split is invented.
_FORM = (0.56, 0.26, 0.07, 0.07, 0.04)
# COM(2018) 777: 95% of victims of sexual exploitation are female, 80% of labour exploitation are
# male, 68% of all victims are female.
_FEMALE = (0.95, 0.20, 0.50, 0.45, 0.85)
# 23% of all victims are children; the shares by form are invented.
_CHILD = (0.20, 0.12, 0.50, 0.55, 0.60)
_SEVERAL = 0.08  # invented: cases with a second form
_OTHER_SEX = 0.001  # CTDC, 2021: 64 of 89,612
# Missing values. CTDC, 2021: sex of 8,138 and age of 26,504 of 97,750; COM(2018) 777: form of
# 14.4% to 15.9%. The share of citizenship is invented.
_NO_SEX, _NO_AGE, _NO_FORM, _NO_CITIZENSHIP = 0.083, 0.27, 0.15, 0.06

# The first five of COM(2018) 777 in their order, and others, so that 44% are citizens of EU28.
_EU = {"RO": 0.16, "HU": 0.07, "NL": 0.06, "PL": 0.05, "BG": 0.04, "FR": 0.03, "IT": 0.03}
_OTHER = {"NG": 0.20, "AL": 0.12, "VN": 0.08, "CN": 0.05, "ER": 0.04, "MA": 0.03, "UA": 0.04}
_CITIZENSHIPS = _EU | _OTHER
_SEXES = ("female", "male", "other")
_YOUNGEST, _OLDEST = 8, 60
_EPOCH = date(1970, 1, 1).toordinal()
_SCALE = 1 << 16


# Values for no answer, with their shares.
_MISSING_VALUES = {None: 0.5, "-99": 0.3, "Unknown": 0.2}


def case_frame(
    rows: int,
    *,
    seed: int = 0,
    areas: Sequence[str] = ("NL", "IT", "RO", "FR", "MT"),
    years: Sequence[int] = (2015, 2016),
    forms: Literal["flags", "list"] = "flags",
    repeat_share: float = 0.03,
    missing_factor: float = 1.0,
) -> pd.DataFrame:
    """Return synthetic cases.

    Shares are near published ones: forms of exploitation, sex and age of COM(2018) 777, and
    missing values of CTDC's k-anonymised data set of July 2021. Sex and age depend on the form,
    missing values depend on the area, and some persons have several registrations. Shares without a
    published figure are invented: do not draw conclusions from these cases.

    Parameters
    ----------
    rows : int
        The number of registrations.
    seed : int
        The seed of random numbers. The same seed gives the same frame, with one version of numpy.
    areas : sequence of str
        Reporting countries; the first has the most cases, and each next one fewer.
    years : sequence of int
        Calendar years.
    forms : {"flags", "list"}
        A column for each form (1, 0, -99 for no answer), or one column that lists them (``;``).
    repeat_share : float
        The share of registrations of persons who are registered already, from 0 to 1. One in
        a hundred of these has another sex.
    missing_factor : float
        The factor of missing values, from 0 to 2: 1 as published, 0 without missing values.

    Returns
    -------
    DataFrame
        ``person`` (a number, -99 for a missing key), ``area``, ``year``, ``registered`` and
        ``born`` (days), ``sex``, ``age``, ``citizenship``, and the forms. Missing values are empty
        cells, ``"-99"`` or ``"Unknown"``; `case_declarations` declares them.

    Raises
    ------
    InvalidValue
        If a number of rows is negative, the list of areas or years is empty, or a share is out of
        range.

    Examples
    --------
    >>> from thbstats import share
    >>> from thbstats.cases import CaseStore
    >>> store = CaseStore.of(case_frame(20_000, seed=1), **case_declarations())
    >>> table = store.count(by=["area", "period", "sex"])
    >>> women = share(table, sex="female", base="known", period=2015)
    >>> round(float(women), 2)
    0.68
    """
    for name, value, is_valid, problem, example in (
        ("rows", rows, rows >= 0, "be 0 or more", 1000),
        ("areas", areas, len(areas), "not be empty", ["NL"]),
        ("years", years, len(years), "not be empty", [2015]),
        ("repeat_share", repeat_share, 0 <= repeat_share < 1, "be from 0 to 1 (exclusive)", 0.03),
        ("missing_factor", missing_factor, 0 <= missing_factor <= 2, "be from 0 to 2", 1),
    ):
        require(is_valid, f"`{name}` must {problem}", f"Use {name}={example}", **{name: value})
    rng = np.random.Generator(np.random.PCG64(seed))
    repeated = _uniform(rng, rows) < _limits(repeat_share)
    repeated[:1] = False
    # A new person for each row that is not repeated.
    person = np.cumsum(~repeated, dtype=np.int32) - 1
    earlier = rng.random(int(repeated.sum())) * person[repeated]
    person[repeated] = earlier.astype(np.int32)
    sizes = 1 / np.arange(1, len(areas) + 1)
    area, year = _draw(rng, rows, sizes), _draw(rng, rows, np.ones(len(years)))
    first = [date(y, 1, 1).toordinal() - _EPOCH for y in years]
    day = np.array(first, dtype=np.int32)[year] + rng.integers(0, 365, rows, dtype=np.int32)

    form, second, sex, citizenship, born = (
        attribute[person] for attribute in _persons(rng, day[~repeated]).values()
    )
    wrong = repeated & (_uniform(rng, rows) < _limits(0.01))
    sex[wrong] = np.array([1, 0, 0], dtype=np.uint8)[sex[wrong]]

    # Some areas have more missing values; together they have the published share.
    weights = np.linspace(0.5, 1.5, len(areas))
    weights *= missing_factor * sizes.sum() / (weights @ sizes)

    def missing(share: float) -> NDArray[np.bool_]:
        result: NDArray[np.bool_] = _uniform(rng, rows) < _limits(share * weights)[area]
        return result

    no_age, countries = missing(_NO_AGE), [parse_country(code) for code in areas]
    columns: dict[str, Any] = {
        "person": np.where(missing(0.01), -99, person),
        "area": pd.Categorical.from_codes(area.astype(np.int8), pd.Index(countries)),
        "year": np.array(years, dtype=np.int16)[year],
        "registered": _dates(day),
        "born": _dates(born, no_age),
        "sex": _with_missing(rng, sex, _SEXES, missing(_NO_SEX)),
        "age": _with_missing(rng, _adults(born, day), ("child", "adult"), no_age),
        "citizenship": _with_missing(
            rng, citizenship, tuple(_CITIZENSHIPS), missing(_NO_CITIZENSHIP)
        ),
    }
    no_form = missing(_NO_FORM)
    if forms == "list":
        lists, positions = _lists()
        columns["exploitation"] = _with_missing(rng, positions[form, second], lists, no_form)
        return pd.DataFrame(columns)
    # Every third area does not record the last form.
    no_last_form = no_form if missing_factor == 0 else no_form | (area % 3 == 2)
    for number, name in enumerate(FORMS):
        answers = ((form == number) | (second == number)).astype(np.int8)
        answers[no_last_form if number == len(FORMS) - 1 else no_form] = -99
        columns[name] = answers
    return pd.DataFrame(columns)


def case_declarations(forms: Literal["flags", "list"] = "flags") -> dict[str, Any]:
    """Return the declarations of `case_frame` for `thbstats.cases.CaseStore.of`.

    They are keyword arguments; ``forms`` is that of `case_frame`.

    Examples
    --------
    >>> case_declarations("list")["multi"]
    {'exploitation': 'exploitation'}
    """
    columns = {name: name for name in FORMS}
    return {
        "columns": {"period": "year"},
        "multi": {"exploitation": columns if forms == "flags" else "exploitation"},
        "missing": [None, -99],
        "unknown": ["Unknown"],
        "source": "Synthetic cases",
        "status": "registered",
    }


def _persons(rng: np.random.Generator, registered: Days) -> dict[str, Any]:
    """Return the attributes of persons, recorded or not, by the day of first registration."""
    size = len(registered)
    form = _draw(rng, size, _FORM)
    several = _uniform(rng, size) < _limits(_SEVERAL)
    sex = (_uniform(rng, size) >= _limits(_FEMALE)[form]).astype(np.uint8)
    sex[_uniform(rng, size) < _limits(_OTHER_SEX)] = 2
    child = _uniform(rng, size) < _limits(_CHILD)[form]
    years = 18 + np.minimum(9 * rng.standard_exponential(size, np.float32), _OLDEST - 18)
    young = _YOUNGEST + (18 - _YOUNGEST) * rng.random(size, np.float32)
    years[child] = young[child]
    return {
        "form": form,
        "second": np.where(several, _draw(rng, size, _FORM), form),
        "sex": sex,
        "citizenship": _draw(rng, size, list(_CITIZENSHIPS.values())),
        "born": registered - (years * np.float32(365.25)).astype(np.int32),
    }


def _uniform(rng: np.random.Generator, size: int) -> NDArray[np.uint16]:
    """Return random numbers; each is below the limit of `_limits` with a given probability."""
    return rng.integers(0, _SCALE, size, dtype=np.uint16)


def _limits(shares: Any) -> NDArray[np.uint16]:
    limits = np.minimum(np.round(np.multiply(shares, _SCALE)), _SCALE - 1)
    return np.asarray(limits, dtype=np.uint16)


def _draw(rng: np.random.Generator, size: int, shares: Any) -> Codes:
    """Return random codes; their shares are known up to a factor."""
    limits = np.cumsum(shares) / np.sum(shares)
    table = np.searchsorted(limits[:-1], (np.arange(_SCALE) + 0.5) / _SCALE, side="right")
    return table.astype(np.uint8)[_uniform(rng, size)]


def _dates(days: Days, missing: NDArray[np.bool_] | None = None) -> NDArray[Any]:
    result = days.astype("datetime64[D]").astype("datetime64[s]")
    if missing is not None:
        result[missing] = np.datetime64("NaT", "s")
    return result


def _adults(born: Days, day: Days) -> Codes:
    """Return 1 for a person after the eighteenth birthday, else 0."""
    start = int(born.min(initial=0))
    days = np.arange(start, int(day.max(initial=0)) + 1)
    # By day, months since 1970 with the day of the month in the last two digits.
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    numbers = months.astype(int) * 100 + days - months.astype("datetime64[D]").astype(int)
    is_adult = numbers[day - start] - numbers[born - start] >= 18 * 1200
    return np.asarray(is_adult, dtype=np.uint8)


def _lists() -> tuple[tuple[str, ...], Codes]:
    """Return every list of one or two forms, and its position by these forms."""
    pairs = [(form, form) for form in range(len(FORMS))]
    pairs += list(combinations(range(len(FORMS)), 2))
    positions = np.zeros((len(FORMS), len(FORMS)), dtype=np.uint8)
    for position, (first, second) in enumerate(pairs):
        positions[first, second] = positions[second, first] = position
    texts = (";".join(dict.fromkeys([FORMS[first], FORMS[second]])) for first, second in pairs)
    return tuple(texts), positions


def _with_missing(
    rng: np.random.Generator, codes: Codes, words: Sequence[str], missing: NDArray[np.bool_]
) -> Any:
    """Return categories, with a missing value for persons without a recorded category."""
    result = codes.astype(np.int8)
    positions = np.array([-1, len(words), len(words) + 1], dtype=np.int8)
    result[missing] = positions[_draw(rng, int(missing.sum()), list(_MISSING_VALUES.values()))]
    return pd.Categorical.from_codes(result, pd.Index([*words, *filter(None, _MISSING_VALUES)]))
