"""Every indicator refuses other objects in place of a table, and names a way to get one."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import thbstats as thb
from thbstats.errors import InvalidValue
from thbstats.publications import com_2018_777
from thbstats.tables import Dataset, need_table

FRAME = pd.DataFrame({"area": ["MT"], "value": [3]})
OTHERS = [FRAME, None, 3, com_2018_777().data]

FUNCTIONS: dict[str, Callable[[Any], object]] = {
    "association": lambda it: thb.association(it, rows="sex", columns="age"),
    "breakdown": lambda it: thb.breakdown(it, by="sex", base="all"),
    "change": lambda it: thb.change(it, old=2015, new=2016),
    "conviction_to_prosecution": thb.conviction_to_prosecution,
    "ranking": lambda it: thb.ranking(it, by="area"),
    "share": lambda it: thb.share(it, exploitation="sexual", base="all"),
    "total": thb.total,
}


@pytest.mark.parametrize("value", OTHERS, ids=lambda it: type(it).__name__)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_other_objects_are_refused_by_name(name: str, value: object) -> None:
    words = rf"field '(table|justice)', value '{type(value).__name__}'"
    with pytest.raises(InvalidValue, match=words):
        FUNCTIONS[name](value)


def test_the_hint_names_a_way_to_a_table() -> None:
    with pytest.raises(InvalidValue, match="from_frame"):
        need_table(FRAME)
    with pytest.raises(InvalidValue, match=r"\.victims, \.justice, \.cooperation"):
        need_table(com_2018_777().data)
    with pytest.raises(InvalidValue, match=r"\.data\.victims"):
        need_table(com_2018_777())


def test_a_table_is_returned_unchanged() -> None:
    victims = com_2018_777().data.victims
    assert need_table(victims) is victims


@pytest.mark.parametrize("value", [9759, FRAME, Dataset()], ids=lambda it: type(it).__name__)
def test_only_numbers_with_a_denominator_are_checked(value: Any) -> None:
    with pytest.raises(InvalidValue, match="numbers"):
        thb.check(value)
