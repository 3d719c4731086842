"""Figures of all kinds and statuses, for tests of passports."""

from collections.abc import Callable

import thbstats as thb
from thbstats.panel import Result
from thbstats.records import Population

GLOTIP = thb.read("docs/_data/glotip_eu_victims.csv").data.victims
JUSTICE = thb.read("docs/_data/glotip_eu_2015_2016.csv").data.justice
FLOWS = thb.read("docs/_data/glotip_flows.csv").data.victims
REPORT = thb.publications.com_2018_777()
EARLIER = thb.publications.com_2016_267()
POPULATIONS = [
    Population(area="FR", when="2020-01-01", persons=67_320_216, source="Eurostat, demo_pjan")
]
EU = {"area": "EU27_2020", "period": 2020}
FRANCE = {"area": "FR", "period": 2020}
WOMEN = {"sex": "female", "base": "all"}
CHANGE = {"old": 2019, "new": 2020, "area": "EU27_2020"}


def table(rows, columns=("area", "value"), kind="victims", **options) -> thb.CountTable:
    options = {"period": 2020, **options}
    return thb.CountTable.from_rows(rows, columns=[*columns], kind=kind, **options)


SEXES = ("area", "sex", "value")
VICTIMS = table([("BE", 120), ("MT", 12), ("FR", 90)], status="registered")
ASSISTED = table(
    [("BE", 90), ("MT", thb.Count.not_reported()), ("FR", 40)],
    kind="protection", measure="assistance", unit="persons",
)  # fmt: skip
FEW = table(
    [("HU", "total", 7), ("HU", "female", thb.Count.fewer_than(5)), ("HU", "male", 3)],
    SEXES, status="identified",
)  # fmt: skip
NONE = table([("MT", "total", 0), ("MT", "female", 0)], SEXES, status="identified")
UNASKED = table([("LU", "total", thb.Count.not_applicable())], SEXES, status="identified")
TWICE = table(
    [("BE", "total", 10), ("BE", "female", thb.Count.between(4, 6, thb.Reason.CONFLICTING))],
    SEXES, status="presumed",
)  # fmt: skip
EXCEEDED = table(
    [("BE", "total", 10), ("BE", "female", 8), ("BE", "male", 8)], SEXES, status="presumed"
)
BODIES = table(
    [("BE", "police", 10), ("BE", "ngo", 4)], ("area", "register", "value"), status="presumed"
)
PARTS = table([("BE", "female", 8), ("BE", "male", 8)], SEXES, status="presumed")
CITIZENS = [
    thb.ranking(table(rows, ("citizenship", "value"), area="BE", period=period))
    for period, rows in (
        (2015, [("RO", 40), ("HU", 30), ("NL", 20)]),
        (2016, [("RO", 30), ("HU", 40), ("NL", 20)]),
    )
]
LISTS = thb.lists.Lists(
    "bcd",
    {"d": 41, "c": 5, "b": 5, ("b", "c"): 54, ("b", "d"): 6, ("b", "c", "d"): 12},
    complete=True,
)  # fmt: skip
STAGES = table(
    [("BE", "suspected", 40), ("BE", "prosecuted", 30), ("BE", "convicted", 12)],
    ("area", "stage", "value"), kind="justice", unit="persons",
)  # fmt: skip
COOPERATION = REPORT.data.cooperation


def of_status(code: str) -> Result:
    """Return the first share by country and year with a status."""
    panel = thb.share(GLOTIP, **WOMEN, by=["area", "period"])
    return panel.where(status=code).row(0)


FIGURES: dict[str, Callable[[], Result]] = {
    "share of the EU": lambda: thb.share(REPORT.data.victims, exploitation="sexual", base="all"),
    "share of a country": lambda: thb.share(GLOTIP, **WOMEN, **FRANCE),
    "share of known": lambda: thb.share(GLOTIP, sex="female", base="known", **EU),
    "share of responses": lambda: thb.share(GLOTIP, sex="female", base="responses", **EU),
    "share of children": lambda: thb.share(GLOTIP, **WOMEN, where={"age": "child"}, **FRANCE),
    "small share": lambda: thb.share(GLOTIP, **WOMEN, area="CZ", period=2020),
    "published share": lambda: REPORT.share("ii-sexual-share"),
    "published share of a country": lambda: REPORT.share("ii-labour-uk-share"),
    "published at least": lambda: EARLIER.share("children"),
    "total": lambda: thb.total(GLOTIP, **EU),
    "total of a category": lambda: thb.total(GLOTIP, sex="female", **EU),
    "total of two years": lambda: thb.total(GLOTIP, area="FR", period=[2019, 2020]),
    "total of two countries": lambda: thb.total(GLOTIP, area="BE+DE", period=2020),
    "total of a region": lambda: thb.total(GLOTIP, area="Western Europe", period=2020),
    "total of the world": lambda: thb.total(GLOTIP, area="World", period=2020),
    "total of an own area": lambda: thb.total(
        GLOTIP, area=thb.Area.define("Baltic states", ["EE", "LV", "LT"]), period=2020
    ),
    "total of cooperation": lambda: thb.total(COOPERATION, by=["kind", "period"]).row(0),
    "row of a breakdown": lambda: thb.breakdown(GLOTIP, of="sex", base="all", **EU)["other"],
    "row of a ranking": lambda: thb.ranking(GLOTIP, by="area", period=2020)["FR"],
    "row of flows": lambda: thb.flows(FLOWS, period=2022).row(0),
    "convictions, countries": lambda: thb.conviction_to_prosecution(
        JUSTICE, area="EU28", period=2016
    ),
    "convictions, one country": lambda: thb.conviction_to_prosecution(
        JUSTICE, area="AT", period=2016
    ),
    "stages": lambda: thb.justice.funnel(STAGES).row(0),
    "convictions per victims": lambda: thb.justice.convictions_per_100_victims(
        STAGES, VICTIMS, area="BE"
    ),
    "assistance per victims": lambda: thb.protection.protection_per_100_victims(
        ASSISTED, VICTIMS, measure="assistance"
    ),
    "ratio of sexes": lambda: thb.ratio(
        GLOTIP, numerator={"sex": "female"}, denominator={"sex": "male"}, **FRANCE
    ),
    "ratio with a lag": lambda: thb.ratio(
        JUSTICE,
        numerator={"stage": "convicted"},
        denominator={"stage": "prosecuted"},
        area="AT",
        period=2016,
        lag=1,
    ),
    "rate": lambda: thb.rate(GLOTIP, POPULATIONS, **FRANCE),
    "change, same countries": lambda: thb.change(GLOTIP, **CHANGE, countries="same"),
    "change, other countries": lambda: thb.change(GLOTIP, **CHANGE)["as published"],
    "change in persons": lambda: thb.change(
        GLOTIP, old=2019, new=2020, area="FR", countries="all", measure="difference"
    ),
    "change of a share": lambda: thb.change(
        GLOTIP, **CHANGE, countries="same", share={"sex": "female"}, base="all"
    ),
    "contribution": lambda: thb.decompose(GLOTIP, **WOMEN, **CHANGE)["FR"],
    "decomposed change": lambda: thb.decompose(GLOTIP, **WOMEN, **CHANGE).change,
    "Herfindahl-Hirschman index": lambda: thb.concentration(GLOTIP, measure="herfindahl", **EU),
    "largest three": lambda: thb.concentration(GLOTIP, measure="top_share", top=3, **EU),
    "largest country": lambda: thb.concentration(GLOTIP, measure="dominance", **EU),
    "effective number": lambda: thb.concentration(GLOTIP, measure="effective_number", **EU),
    "cell of an association": lambda: thb.association(
        GLOTIP, rows="sex", columns="age", **FRANCE
    ).row(0),
    "association": lambda: thb.association(GLOTIP, rows="sex", columns="age", **FRANCE).cramers_v,
    "members in two rankings": lambda: CITIZENS[0].agreement(CITIZENS[1]),
    "rank correlation": lambda: CITIZENS[0].agreement(CITIZENS[1], method="kendall_tau"),
    "rank-biased overlap": lambda: CITIZENS[0].agreement(
        CITIZENS[1], method="rank_biased_overlap", p="0.9"
    ),
    "left out": lambda: thb.leave_out(thb.share(GLOTIP, **WOMEN, **EU))["AT"],
    "persons on lists": lambda: thb.lists.models(LISTS).estimate,
    "persons by one model": lambda: thb.lists.models(LISTS).row(0),
    "persons by Chao": lambda: thb.lists.chao(LISTS),
    "distinct persons": lambda: thb.lists.distinct(LISTS),
    "suppressed": lambda: thb.share(FEW, **WOMEN),
    "not applicable": lambda: thb.total(UNASKED),
    "denominator 0": lambda: thb.share(NONE, **WOMEN),
    "several values": lambda: thb.share(TWICE, **WOMEN, by="area").row(0),
    "contradictory": lambda: thb.share(EXCEEDED, **WOMEN, by="area").row(0),
    "no total": lambda: thb.share(PARTS, **WOMEN, by="area").row(0),
    "several counts": lambda: thb.total(BODIES, by="area").row(0),
    "not reported": lambda: of_status("not_reported"),
    "no data": lambda: of_status("no_data"),
}
"""A function for each figure, by its name."""
