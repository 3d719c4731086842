import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import find as smallest
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from thbstats import Count, Interval, geography, infer, records, tables, values
from thbstats.cases import CaseStore
from thbstats.errors import MissingExtra, UnknownName
from thbstats.records import KINDS, schema_of
from thbstats.testing import case_declarations
from thbstats.testing import strategies as own
from thbstats.values import Reason


def find(strategy, condition):
    """Return a value that the strategy draws, without a search for the smallest."""
    return smallest(
        strategy, condition, settings=settings(max_examples=2000, phases=[Phase.generate])
    )


@pytest.mark.parametrize("kind", KINDS)
@examples(5)
@given(data=st.data())
def test_records_and_tables_of_every_kind_are_drawn(kind, data):
    table = data.draw(own.tables(kind, min_size=2, max_size=3))
    assert table.kind == kind
    assert 2 <= len(table) <= 3
    assert schema_of(data.draw(own.records(kind))).kind == kind


@examples(20)
@given(own.schemas().flatmap(own.tables))
def test_table_with_further_dimensions_equals_the_table_of_its_frame(table):
    schema = table.columns.schema
    assert tables.CountTable.from_frame(table.to_frame(), kind=schema) == table


@pytest.mark.parametrize("reason", Reason)
def test_counts_of_every_kind_are_drawn(reason):
    assert find(own.counts(), lambda count: count.reason is reason).reason is reason


def test_period_of_every_kind_is_drawn():
    for kind in (
        lambda period: period.years == 2,
        lambda period: period.years == 1 and not period.is_calendar,
        lambda period: period.years is None and period.start is not None,
        lambda period: period.start is None,
        lambda period: str(period).startswith("~"),
    ):
        find(own.periods(), kind)


@examples(20)
@given(own.case_frames("list"))
def test_cases_with_lists_are_counted_as_declared(frame):
    result = CaseStore.of(frame, **case_declarations("list")).combinations("exploitation")
    assert result.cases == len(frame)


@examples(20)
@given(own.case_frames(min_size=1))
def test_cases_with_flags_have_keys(frame):
    persons = CaseStore.of(frame, **case_declarations()).persons("person")
    named = frame.loc[frame["person"] != -99, "person"]
    assert persons.distinct().lower == max(named.nunique(), 1)


def test_forms_are_written_as_flags_or_as_a_list():
    with pytest.raises(UnknownName, match="flags"):
        find(own.case_frames("columns"), lambda _: True)


def test_missing_hypothesis_raises_with_the_extra(monkeypatch):
    monkeypatch.setattr(thb, "testing", thb.testing)  # put back what the import sets
    for name in [name for name in sys.modules if name.startswith("thbstats.testing")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    assert len(import_module("thbstats.testing").case_frame(3)) == 3
    with pytest.raises(MissingExtra, match=r"thbstats\[testing\]"):
        import_module("thbstats.testing.strategies")


@examples(20)
@given(own.publications(max_count=30))
def test_truth_is_within_every_published_figure(printed):
    for name, behind in printed.true_ratios.items():
        claim = printed.publication.claim(name)
        assert claim.percent is None or claim.percent.allows(*behind)
        assert claim.count is None or claim.count == printed.value(claim)


@examples(20)
@given(own.publications(max_count=30))
def test_truth_of_a_publication_is_a_complete_table(printed):
    numbers = {(row.area, row.exploitation, row.sex): row.count.lower for row in printed.truth}
    for (area, form, sex), number in numbers.items():
        parts = {
            "area": [(part, form, sex) for part in ("UK", "EU28 without UK")],
            "form": [(area, part, sex) for part in ("sexual", "labour", "other", "unknown")],
            "sex": [(area, form, part) for part in ("female", "male", "unknown")],
        }
        for name, code in (("area", area), ("form", form), ("sex", sex)):
            if code in ("EU28", "total"):
                assert sum(numbers[cell] for cell in parts[name]) == number


@examples(5)
@given(own.publications(max_count=20, max_size=3))
def test_inferred_bounds_contain_the_truth(printed):
    for form in ("sexual", "unknown"):
        true = printed.truth.cell(area="UK", exploitation=form, sex="total").count.lower
        result = infer(printed.publication, area="UK", exploitation=form)
        assert result.bounds is None or result.bounds.contains(true)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("kind", "count"), ("kind", "share"), ("kind", "ranking")),
        *(("base", "all"), ("base", "known"), ("base", "not_stated")),
    ],
)
def test_publication_with_claims_of_every_kind_and_base_is_drawn(name, value):
    find(
        own.publications(),
        lambda printed: value in {str(getattr(c, name)) for c in printed.publication.claims},
    )


def test_populations_of_a_day_and_of_a_year_exact_and_rounded_are_drawn():
    for kind in (
        lambda found: found.is_stock,
        lambda found: not found.is_stock,
        lambda found: found.persons.reason is Reason.ROUNDED,
        lambda found: found.sex == "female" and found.area == "MT",
    ):
        find(own.populations("MT"), kind)


def _public_classes():
    for package in (values, records, tables, geography):
        for name in package.__all__:
            item = getattr(package, name)
            if isinstance(item, type) and item not in _WITHOUT_STRATEGY:
                yield item


# A structure of records, a mapping of errors and results of functions: no data that a user makes.
_WITHOUT_STRATEGY = {
    records.Dimension,
    records.RuleDifference,
    records.Schema,
    tables.Crosstab,
    tables.Origin,
    tables.TablePartition,
}


@pytest.fixture
def registered():
    """Call the function of the entry point of hypothesis."""
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    (target,) = project["entry-points"]["hypothesis"].values()
    EntryPoint("thbstats", target, "hypothesis").load()()


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize("cls", list(_public_classes()), ids=lambda cls: cls.__name__)
@examples(5)
@given(data=st.data())
def test_every_class_of_values_and_records_is_drawn_by_its_type(cls, data):
    assert isinstance(data.draw(st.from_type(cls)), cls)


@pytest.mark.usefixtures("registered")
@examples(20)
@given(data=st.data())
def test_function_with_annotations_gets_drawn_arguments(data):
    def widen(count: Count, interval: Interval, record: records.VictimCount) -> bool:
        return isinstance(record, records.VictimCount) and count.interval.within(
            count.interval.hull(interval)
        )

    assert data.draw(st.builds(widen))


def test_classes_of_values_and_records_are_listed():
    assert len(list(_public_classes())) > 15


IN_ANY_ORDER = """
import sys
from importlib import import_module
for name in ("strategies", "registration"):
    for module in [*sys.modules]:
        if module.startswith(("hypothesis", "thbstats.testing")):
            del sys.modules[module]
    import_module(f"thbstats.testing.{name}")
    import_module("thbstats.testing.registration").register()
"""


def test_hypothesis_and_strategies_can_be_imported_in_any_order():
    subprocess.run([sys.executable, "-c", IN_ANY_ORDER], check=True)


@examples(20)
@given(own.datasets(max_size=2))
def test_datasets_hold_tables_of_their_kind(data):
    assert {table.kind for table in data.tables()} <= set(KINDS)
