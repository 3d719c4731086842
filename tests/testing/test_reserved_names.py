"""No dimension of a user can have the name of an argument."""

import inspect

import thbstats as thb
from thbstats.records import KINDS, schema_of
from thbstats.records.kind_schema import _RESERVED
from thbstats.tables import CountTable


def test_no_dimension_has_the_name_of_an_argument() -> None:
    functions = [
        *(getattr(thb, name) for name in ("association", "breakdown", "change", "concentration")),
        *(getattr(thb, name) for name in ("decompose", "leave_out", "ranking", "rate", "ratio")),
        *(thb.share, thb.total, thb.read, thb.write, thb.count_cases, CountTable.crosstab),
        *(CountTable.from_rows, CountTable.from_frame, thb.conviction_to_prosecution),
    ]
    names = {
        parameter.name
        for function in functions
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    own = {name for kind in KINDS for name in schema_of(kind).names}
    assert names - own - _RESERVED == set()
