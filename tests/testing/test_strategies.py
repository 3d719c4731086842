import subprocess
import sys

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from tests.examples import examples
from thbstats.cases import CaseStore
from thbstats.errors import UnknownName
from thbstats.records import KINDS, schema_of
from thbstats.testing import declared
from thbstats.testing import strategies as own
from thbstats.values import Reason


@pytest.mark.parametrize("kind", KINDS)
@examples(5)
@given(data=st.data())
def test_records_and_tables_of_every_kind_are_drawn(kind, data):
    table = data.draw(own.tables(kind, min_size=2, max_size=3))
    assert table.kind == kind
    assert 2 <= len(table) <= 3
    assert schema_of(data.draw(own.records(kind))).kind == kind


@pytest.mark.parametrize("reason", Reason)
def test_counts_of_every_kind_are_drawn(reason):
    assert find(own.counts(), lambda count: count.reason is reason).reason is reason


def test_a_period_of_every_kind_is_drawn():
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
    found = CaseStore.of(frame, **declared("list")).combinations("exploitation")
    assert found.cases == len(frame)


@examples(20)
@given(own.case_frames(min_size=1))
def test_cases_with_flags_name_persons(frame):
    persons = CaseStore.of(frame, **declared()).persons("person")
    named = frame.loc[frame["person"] != -99, "person"]
    assert persons.distinct().lower == max(named.nunique(), 1)


def test_forms_are_written_as_flags_or_as_a_list():
    with pytest.raises(UnknownName, match="flags"):
        find(own.case_frames("columns"), lambda _: True)


def test_without_hypothesis_the_rest_can_be_used_and_the_error_names_the_extra():
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from thbstats.testing import case_frame\n"
        "assert len(case_frame(3)) == 3\n"
        "import thbstats.testing.strategies"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "thbstats[testing]" in run.stderr
    assert "MissingExtra" in run.stderr
