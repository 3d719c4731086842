"""Whatever is given in place of a table is refused by name, with the way to the table in it."""

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
SAID = {"exploitation": "sexual", "base": "all"}

TAKING: dict[str, Callable[[Any], object]] = {
    "association": lambda it: thb.association(it, rows="sex", columns="age"),
    "breakdown": lambda it: thb.breakdown(it, by="sex", base="all"),
    "completions": lambda it: thb.completions(it, by="sex", base="all"),
    "conviction_to_prosecution": thb.conviction_to_prosecution,
    "convictions_per_100_victims": lambda it: thb.convictions_per_100_victims(it, it),
    "dominance": thb.dominance,
    "exposure": thb.exposure,
    "funnel": thb.funnel,
    "granted_per_sought": thb.granted_per_sought,
    "growth": lambda it: thb.growth(it, old=2015, new=2016),
    "herfindahl": thb.herfindahl,
    "lagged_ratios": lambda it: thb.lagged_ratios(it, period=2016, lags=[0]),
    "leave_one_out": lambda it: thb.leave_one_out(it, lambda table: thb.share(table, **SAID)),
    "protect": lambda it: thb.protect(it, fewer_than=5),
    "ranking": lambda it: thb.ranking(it, by="area"),
    "round_controlled": lambda it: thb.round_controlled(it, base=5),
    "share": lambda it: thb.share(it, **SAID),
    "total": thb.total,
    "without": lambda it: thb.without(it, lambda table: thb.share(table, **SAID), area="UK"),
}


@pytest.mark.parametrize("given", OTHERS, ids=lambda it: type(it).__name__)
@pytest.mark.parametrize("name", TAKING)
def test_what_is_no_table_is_refused_by_name(name: str, given: object) -> None:
    with pytest.raises(
        InvalidValue, match=f"field '(table|justice)', value '{type(given).__name__}'"
    ):
        TAKING[name](given)


def test_the_mend_leads_to_the_table() -> None:
    with pytest.raises(InvalidValue, match="from_frame"):
        need_table(FRAME)
    with pytest.raises(InvalidValue, match=r"\.victims, \.justice, \.cooperation"):
        need_table(com_2018_777().data)
    with pytest.raises(InvalidValue, match=r"\.data\.victims"):
        need_table(com_2018_777())


def test_a_table_is_one() -> None:
    victims = com_2018_777().data.victims
    assert need_table(victims) is victims


def test_files_hold_tables_only(tmp_path: Any) -> None:
    with pytest.raises(InvalidValue, match="field 'data', value 'DataFrame'"):
        thb.write(FRAME, tmp_path / "a.csv")  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [9759, FRAME, Dataset()], ids=lambda it: type(it).__name__)
def test_only_results_are_compared(given: Any) -> None:
    share = com_2018_777().share("ii-sexual-share")
    with pytest.raises(InvalidValue, match=r"field 'second'.*a bare number"):
        thb.compare(share, given)
    with pytest.raises(InvalidValue, match="field 'first'"):
        thb.compare(given, share)
    with pytest.raises(InvalidValue, match="field 'result'"):
        thb.assess(given)


def test_of_several_results_one_is_compared() -> None:
    report = com_2018_777()
    several = report.breakdown(by="exploitation", base="recorded")
    with pytest.raises(InvalidValue, match=r"field 'first'.*found\['sexual'\]"):
        thb.compare(several, several["sexual"])  # type: ignore[arg-type]


def test_only_rankings_overlap() -> None:
    listed = com_2018_777().ranking("ii-top-eu-citizenships")
    with pytest.raises(InvalidValue, match="field 'second', value 'list'"):
        thb.ranking_overlap(listed, ["RO", "HU"])  # type: ignore[arg-type]
