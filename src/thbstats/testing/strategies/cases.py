"""Strategy for cases with the columns of `thbstats.testing.case_frame`."""

from datetime import date
from typing import Any

import pandas as pd

from thbstats.errors import UnknownName, did_you_mean
from thbstats.testing.case_frames import FORMS
from thbstats.testing.strategies._hypothesis import st
from thbstats.testing.strategies.count_data import COUNTRIES

_MISSING_VALUES = (None, "-99", "Unknown")


@st.composite
def case_frames(
    draw: st.DrawFn, forms: str = "flags", min_size: int = 0, max_size: int = 20
) -> pd.DataFrame:
    """Draw cases with the columns of `thbstats.testing.case_frame`.

    `thbstats.testing.case_declarations` declares them. Their values are combined freely, so that no
    share is near a published one.

    Examples
    --------
    >>> from hypothesis import given
    >>> from thbstats.cases import CaseStore
    >>> from thbstats.testing import case_declarations
    >>> @given(case_frames())
    ... def test_every_case_is_counted(frame):
    ...     table = CaseStore.of(frame, **case_declarations()).count(["area", "period", "sex"])
    ...     assert sum(r.count.lower for r in table if r.sex == "total") == len(frame)
    >>> test_every_case_is_counted()
    """
    if forms not in ("flags", "list"):
        hint = did_you_mean(forms, ["flags", "list"])
        raise UnknownName(
            "`forms` must be 'flags' or 'list'", field="forms", value=forms, hint=hint
        )
    drawn: dict[str, st.SearchStrategy[Any]] = {
        "person": st.sampled_from([0, 1, 2, 3, -99]),
        "area": st.sampled_from(COUNTRIES),
        "year": st.sampled_from([2014, 2015, 2016]),
        "registered": st.dates(date(2014, 1, 1), date(2016, 12, 31)),
        "born": st.none() | st.dates(date(1950, 1, 1), date(2013, 12, 31)),
        "sex": st.sampled_from(["female", "male", "other", *_MISSING_VALUES]),
        "age": st.sampled_from(["child", "adult", *_MISSING_VALUES]),
        "citizenship": st.sampled_from(["RO", "NG", "UK", "HR", *_MISSING_VALUES]),
    }
    if forms == "list":
        listed = st.lists(st.sampled_from(FORMS), min_size=1, max_size=3, unique=True)
        drawn["exploitation"] = listed.map(";".join) | st.sampled_from(_MISSING_VALUES)
    else:
        drawn |= {form: st.sampled_from([0, 1, -99]) for form in FORMS}
    rows = draw(st.lists(st.fixed_dictionaries(drawn), min_size=min_size, max_size=max_size))
    frame = pd.DataFrame(rows, columns=list(drawn))
    categorical = [
        "area",
        "sex",
        "age",
        "citizenship",
        *(["exploitation"] if forms == "list" else []),
    ]
    types = {
        **dict.fromkeys(categorical, "category"),
        **dict.fromkeys(["registered", "born"], "datetime64[s]"),
        **dict.fromkeys(FORMS if forms == "flags" else (), "int8"),
        "person": "int32",
        "year": "int16",
    }
    return frame.astype(types)
