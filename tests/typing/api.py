"""Code as a user writes it: type-checked, never run."""

from fractions import Fraction
from typing import assert_type

import duckdb
import numpy as np
import pandas as pd
import polars as pl
from matplotlib.axes import Axes
from numpy.typing import NDArray

import thbstats as thb
from thbstats.auditing import Audit, AuditedClaim, AuditedFigure, TableAudit
from thbstats.cases import AgeAt, CaseStore, CitizenshipGroupAt, Combinations, Persons
from thbstats.claims import Publication
from thbstats.explanations import Explanation
from thbstats.indicators import Association, Decomposition, LeaveOut, Ranking
from thbstats.panel import Outcome, Status, Warnings
from thbstats.rules import Comparison, Comparisons, Nearest, Rule, WarningText, per_kind
from thbstats.sensitivity import ChanceInterval, DecisiveMembers
from thbstats.testing import assert_equal, assert_tables_equal, case_declarations, case_frame

# Plain numbers and arrays.
assert_type(thb.formulas.share(9759, 20532), float)
assert_type(thb.formulas.share(np.array([1, 2]), np.array([3, 4])), NDArray[np.float64])

# Values.
count = thb.Count.fewer_than(5)
assert_type(count.interval, thb.Interval)
assert_type(thb.Percent("56").bases(9759), thb.Interval | None)
period = thb.Period.parse("2015-2016")
assert_type(period.years, int | None)

# Records and tables.
victim = thb.records.VictimCount(count=20532, area="EU28", period="2015-2016", status="registered")
table = thb.CountTable.from_records([victim])
assert_type(table, thb.CountTable)
assert_type(table.to_frame(), pd.DataFrame)
frame = pd.DataFrame({"sex": ["female", "male"], "value": [3, 4]})
read = thb.CountTable.from_frame(frame, kind="victims", area="BE", period=2016)
assert_type(read, thb.CountTable)
assert_type(thb.CountTable.from_frame(pl.LazyFrame(), kind="victims"), thb.CountTable)
assert_type(thb.CountTable.from_frame(duckdb.table("counts"), kind="victims"), thb.CountTable)
assert_type(thb.CountTable.from_frame(table, kind="victims"), thb.CountTable)
assert_type(table.to_frame("polars"), pl.DataFrame)
assert_type(table.to_frame(backend="duckdb"), duckdb.DuckDBPyRelation)
pl.DataFrame(table)

# Files.
declaration = thb.Declaration(kind="victims", columns={"Year": "period", "Value": "value"})
reading = thb.read(
    "victims.csv", declare=declaration, area="MT", limits=thb.sources.Limits(size=2**20)
)
assert_type(reading, thb.sources.Reading)
assert_type(reading.table, thb.CountTable)
assert_type(reading.log, thb.sources.ReadLog)
assert_type(thb.write(reading.table, "victims.parquet", format="tidy").lossless, bool)
assert_type(thb.sources.tidy.read_frame(frame, kind="victims", area="BE"), thb.sources.Reading)

# Cases.
age = AgeAt(birth="born", event="registered", concept="at_registration")
group = CitizenshipGroupAt(citizenship="nationality", area=thb.Area.parse("MT"), eu="EU28")
store = CaseStore.of(
    case_frame(10), derive={"age": age, "citizenship": group}, **case_declarations()
)
assert_type(store.count(by=["area", "period", "sex"]), thb.CountTable)
assert_type(store.combinations("exploitation", where={"sex": "male"}), Combinations)
assert_type(store.combinations("exploitation").with_all("sexual", "labour"), thb.Interval)
assert_type(store.persons("person", dimensions="period", check_equal=["sex"]), Persons)
assert_type(store.persons("person").distinct(period=[2015, 2016]), thb.Interval)
assert_type(store.persons("person").overlap("area"), pd.DataFrame)
assert_tables_equal(table, table)
assert_equal(table, table)

# Indicators.
share = thb.share(table, exploitation="sexual", base="all")
assert_type(share, thb.Result)
assert_type(share.value, thb.Interval | None)
assert_type(share.bounds_with_unknown, thb.Interval)
assert_type(share.status, Status)
assert_type(float(share), float)
assert_type(share.warnings, Warnings)
panel = thb.share(table, exploitation="sexual", base="all", by=["area", "period"])
assert_type(panel, thb.Panel)
assert_type(panel["BE", 2016], thb.Result)
assert_type(panel.where(area=["BE", "FR"], status="ok").sort("value"), thb.Panel)
assert_type(panel[:3], thb.Panel)
assert_type(panel.limitations, Warnings)
assert_type(thb.breakdown(table, of="sex", base="known"), thb.Panel)
assert_type(thb.total(table), thb.Result)
assert_type(thb.total(table, by="area"), thb.Panel)
convicted, prosecuted = {"stage": "convicted"}, {"stage": "prosecuted"}
assert_type(thb.ratio(table, numerator=convicted, denominator=prosecuted, by="period"), thb.Panel)
assert_type(thb.conviction_to_prosecution(table), thb.Result)
assert_type(thb.conviction_to_prosecution(table, by="area"), thb.Panel)
assert_type(thb.explain("COVERAGE"), Explanation)
assert_type(thb.ranking(table).agreement(thb.ranking(table)), thb.Result)
assert_type(thb.justice.funnel(table), thb.Panel)
dominant: thb.Result = thb.concentration(table, measure="dominance")
assert_type(thb.ranking(table), Ranking)
assert_type(thb.leave_out(panel), LeaveOut)
assert_type(thb.association(table, rows="sex", columns="exploitation"), Association)
assert_type(thb.decompose(table, old=2015, new=2016, base="all", sex="female"), Decomposition)
malta = thb.records.Population(area="MT", when="2020-01-01", persons=514_564, source="NSO Malta")
rated: thb.Result = thb.rate(
    table,
    [malta],
    per=1_000_000,
    population_date="average",
    population_categories={"sex": "female"},
)
assert_type(
    thb.sources.read_population("demo_pjan.tsv").populations, thb.records.Populations | None
)
assert_type(thb.sensitivity.binomial_interval(share, level=0.9), ChanceInterval)
assert_type(thb.sensitivity.decisive_members(share, statement="majority"), DecisiveMembers)
assisted: thb.Result = thb.protection.protection_per_100_victims(table, table, measure="assistance")
granted: thb.Result = thb.protection.grants_per_request(table)
changed: thb.Result = thb.change(table, old=2015, new=2016, countries="all")

# Comparability.
assert_type(thb.compare(share, share), Comparison)
assert_type(thb.compare(share, share).nearest, Nearest | None)
grid = thb.compare_all(panel, pairs="one_dimension")
assert_type(grid, Comparisons)
assert_type(grid.verdicts, NDArray[np.int8])
assert_type(grid.pair(0, "BE, 2016"), Comparison)
assert_type(grid.matrix(), pd.DataFrame)
assert_type(thb.apply_rules(share, thresholds=thb.Thresholds(dominance=Fraction(1, 3))), thb.Result)
assert_type(thb.apply_rules(panel, rules=[]), thb.Panel)
assert_type(share.warnings.select("UNKNOWN").at_least("caution"), Warnings)
assert_type(share.warnings.in_language("de"), Warnings)
thb.rules.warn(share)

mine = Rule(
    code="HOUSE",
    title="NumberStyle rule",
    scope="number",
    check=lambda numbers, limits: per_kind(
        numbers, ["numerator_kind"], lambda number: Outcome.FAIL
    ),
    severity="note",
    text=lambda number, limits, outcome: WarningText(message=number.label),
    definition="Never.",
    trigger="Always.",
    source="A house rule.",
)
assert_type(thb.apply_rules(share, rules=[mine]), thb.Result)
known = thb.records.CountingRules(
    about="victims", reporter="BE", moment="referral", source="Ministry"
)
assert_type(thb.compare(share, share, rules=thb.rules.rules_with([known])), Comparison)

# Publications.
report = thb.publications.com_2018_777()
assert_type(report, Publication)
assert_type(report.data.victims, thb.CountTable | None)
assert_type(report.breakdown(of="exploitation", base="known"), thb.Panel)
audit = thb.audit(report)
assert_type(audit, Audit)
assert_type(audit["ii-victims"], AuditedClaim)
figures = thb.audit(frame, members="members.csv", rounding="half_up", bases=["known"])
assert_type(figures, TableAudit)
assert_type(figures["female"], AuditedFigure)
assert_type(figures.where("contradicted").to_frame(messages=False), pd.DataFrame)

# Plots.
assert_type(thb.plots.bars(share, width=4.0, title="A title"), Axes)
forms = report.breakdown(of="exploitation", base="known")
assert_type(thb.plots.dumbbell(forms, forms, names=("with", "without")), Axes)
assert_type(thb.plots.trend(panel), Axes)
assert_type(thb.plots.heatmap(grid, ax=thb.plots.bars(forms)), Axes)
assert_type(thb.plots.alt_text(thb.plots.funnel(thb.justice.funnel(table))), str)
thb.plots.save(thb.plots.ranking(thb.ranking(table)), "ranking.svg")
