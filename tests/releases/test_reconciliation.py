"""Comparison of two sources."""

import pytest

import thbstats as thb
from thbstats.display import to_markdown
from thbstats.errors import InvalidValue, UnknownName
from thbstats.values import Count


def source(rows: list[tuple[object, ...]], columns: str = "area", **more: object) -> thb.CountTable:
    context = {"period": 2020, "status": "detected"} | more
    return thb.CountTable.from_rows(
        rows, columns=[*columns.split(), "value"], kind="victims", **context
    )


def test_definitions_status_and_coverage_are_named_before_the_cells() -> None:
    glotip = source([("FR", 100), ("BE", 40), ("DE", Count.fewer_than(5))])
    eurostat = source([("FR", 120), ("DE", 3), ("PL", 7)], status="registered", flags="d")
    found = thb.reconcile(glotip, eurostat, names=("GLOTIP", "Eurostat"))
    assert found.notes[:3] == (
        "status: detected in GLOTIP, registered in Eurostat.",
        "Eurostat: 3 figures have the flag d (definition differs).",
        "area: BE only in GLOTIP, PL only in Eurostat.",
    )
    assert {name: n for name, n in found.outcomes.items() if n} == {
        "different": 1, "only_in_first": 1, "only_in_second": 1, "suppressed_in_first": 1,
    }  # fmt: skip
    frame = found.cells.frame.set_index("area")
    assert frame.loc["FR", ["first", "second", "difference", "change"]].tolist() == [
        100, 120, 20, "different"
    ]  # fmt: skip
    assert repr(found).startswith("<Reconciliation GLOTIP and Eurostat: 1 different")
    assert found.summary()[0].mean_revision == 20
    page = to_markdown(found.page())
    assert "Sources: GLOTIP and Eurostat" in page
    assert "larger in second" in page
    assert "revi" not in page


def test_mirror_flows_match_dimensions_of_the_two_countries() -> None:
    registered = source([("RO", 30), ("BG", 12)], "citizenship", area="NL")
    reported = source([("NL", 26), ("DE", 9)], "citizenship", area="RO")
    found = thb.reconcile(
        registered, reported, match={"area": "citizenship", "citizenship": "area"}
    )
    [row] = found.cells.where(change="different")
    assert (row.area, row.citizenship, row.first, row.second) == ("NL", "RO", 30, 26)


def test_rows_that_a_match_makes_equal_are_repeated() -> None:
    own = source([("AT", "RO", 10), ("AT", "all", 30)], "area citizenship")
    rows = [("RO", "AT", 8), ("BG", "AT", 4), ("RO", "DE", 2), ("BG", "DE", 3)]
    for other in (rows, rows[::-1]):
        found = thb.reconcile(own, source(other, "area citizenship"), match={"area": "citizenship"})
        frame = found.to_frame().set_index(["area", "citizenship"])
        assert frame["change"].to_dict() == {
            ("AT", "RO"): "only_in_first", ("AT", "total"): "repeated", ("DE", "total"): "repeated",
        }  # fmt: skip
        assert frame["second"].isna().all()
        assert "second has several values for 2 cells, which are not compared" in found.notes[-1]


def test_different_units_kinds_and_unknown_dimensions_are_refused() -> None:
    persons, cases = (source([("FR", 3)], unit=unit) for unit in ("persons", "cases"))
    with pytest.raises(InvalidValue, match=r"must count persons, got 'cases'|must count persons"):
        thb.reconcile(persons, cases)
    assert len(thb.reconcile(persons, source([("FR", 4)], unit="not_stated"))) == 1
    with pytest.raises(UnknownName, match="dimension of the sources"):
        thb.reconcile(persons, persons, match={"area": "place"})
    with pytest.raises(InvalidValue, match="in `area`"):
        thb.reconcile(persons, source([("BE", 3)]))


def test_sources_that_agree_say_so() -> None:
    table = source([("FR", 3)])
    found = thb.reconcile(table, table)
    assert len(found) == 0
    assert found.differences == ()
