"""Calls of indicators as Python code."""

import pytest

import thbstats as thb
from thbstats.geography import Area
from thbstats.records import Population
from thbstats.values import Period

VICTIMS = thb.read("docs/_data/glotip_eu_victims.csv").data.victims
JUSTICE = thb.read("docs/_data/glotip_eu_2015_2016.csv").data.justice
POPULATIONS = [Population(area="FR", when="2020-01-01", persons=67_320_216, source="Eurostat")]
EU = {"area": "EU27_2020", "period": 2020}
FRANCE = {"area": Area.parse("FR"), "period": Period.parse("2020")}
SHARE = {"sex": "female", "base": "all"}
CHANGE = {"old": 2019, "new": 2020, "area": "EU27_2020"}

RESULTS = {
    "share": lambda: thb.share(VICTIMS, **SHARE, **FRANCE),
    "share of children": lambda: thb.share(VICTIMS, **SHARE, where={"age": "child"}, **EU),
    "total of two years": lambda: thb.total(VICTIMS, area="FR", period=[2019, 2020]),
    "row of a breakdown": lambda: thb.breakdown(VICTIMS, of="sex", base="all", **EU)["other"],
    "row of a panel": lambda: thb.share(VICTIMS, **SHARE, by=["area", "period"])["FR", 2020],
    "rate": lambda: thb.rate(VICTIMS, POPULATIONS, **FRANCE),
    "ratio": lambda: thb.ratio(
        VICTIMS, numerator={"sex": "female"}, denominator={"sex": "male"}, **FRANCE
    ),
    "convictions": lambda: thb.conviction_to_prosecution(JUSTICE, area="AT", period=2016),
    "change": lambda: thb.change(VICTIMS, **CHANGE)["as published"],
    "concentration": lambda: thb.concentration(VICTIMS, measure="top_share", top=3, **EU),
    "row of a ranking": lambda: thb.ranking(VICTIMS, by="area", period=2020)["FR"],
    "association": lambda: thb.association(VICTIMS, rows="sex", columns="age", **FRANCE).cramers_v,
    "contribution": lambda: thb.decompose(VICTIMS, **SHARE, **CHANGE)["FR"],
    "whole of a decomposition": lambda: thb.decompose(VICTIMS, **SHARE, **CHANGE).change,
    "left out": lambda: thb.leave_out(thb.share(VICTIMS, **SHARE, **EU))["AT"],
}


@pytest.mark.parametrize("name", RESULTS)
def test_call_of_a_result_returns_the_same_result(name: str):
    result = RESULTS[name]()
    table = JUSTICE if name == "convictions" else VICTIMS
    names = {"thb": thb, "table": table, "populations": POPULATIONS}
    again = eval(result.call, names)
    assert again == result
    assert again.call == result.call


def test_call_names_what_has_no_short_text():
    own = Area.define("my area", ["FR", "DE"])
    result = thb.total(VICTIMS, area=own, period=2020, thresholds=thb.Thresholds())
    assert result.call == (
        "thb.total(table, area=thb.Area.define('my area', ['DE', 'FR']), period=2020, "
        "thresholds=thresholds)"
    )
