"""Panels whose codes are as narrow as one byte."""

import numpy as np
import pandas as pd
import pytest
from attrs import evolve

import thbstats as thb
from thbstats.columns import Coded
from thbstats.panel import Panel
from thbstats.panel.numbers import CODED

AREAS = ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE"]
PERIODS = [str(year) for year in range(2003, 2023)]


@pytest.fixture(scope="module")
def panel() -> Panel:
    """Shares of 300 countries and years, with missing and suppressed counts among them."""
    draw = np.random.default_rng(7)
    rows = []
    for area in AREAS:
        for period in PERIODS:
            female, male, unknown = (int(n) for n in draw.integers(0, 60, 3))
            counts = {"female": female, "male": male, "unknown": unknown}
            for sex, value in {"total": sum(counts.values()), **counts}.items():
                if draw.random() < 0.9:
                    rows.append((area, period, sex, value, value, "known", f"Publication {period}"))
                elif draw.random() < 0.5:
                    rows.append(
                        (area, period, sex, None, None, "not_reported", f"Publication {area}")
                    )
    names = ["area", "period", "sex", "lower", "upper", "reason", "source"]
    table = thb.CountTable.from_frame(
        pd.DataFrame(rows, columns=names), kind="victims", status="detected"
    )
    return thb.share(table, sex="female", base="all", by=["area", "period"])


def narrow(panel: Panel) -> Panel:
    """Return the panel with the narrowest codes and without its rules."""

    def one_byte(column: Coded) -> Coded:
        return column.take(np.arange(len(column))).fill(None)

    return evolve(
        panel,
        keys={name: one_byte(column) for name, column in panel.keys.items()},
        **{name: one_byte(getattr(panel, name)) for name in CODED},
    )


def test_panels_of_narrow_codes_have_the_same_rows_and_warnings(panel: Panel) -> None:
    narrowed = narrow(panel)
    assert len(narrowed) == 300
    assert {narrowed.area.codes.dtype, narrowed.period.codes.dtype} == {np.dtype(np.uint8)}
    pd.testing.assert_frame_equal(
        thb.apply_rules(narrowed).to_frame(), thb.apply_rules(panel).to_frame()
    )
    assert np.array_equal(thb.apply_rules(narrowed).levels, thb.apply_rules(panel).levels)
    names = ["area", "period", "sources", "reporters", "expected"]
    code, first = narrowed.group_rows(names)
    expected = panel.group_rows(names)
    assert len(first) == 300
    assert np.array_equal(code, expected[0])
    assert np.array_equal(first, expected[1])


def test_pairs_of_narrow_codes_have_the_same_verdicts(panel: Panel) -> None:
    rows = np.arange(0, 300, 4)
    result, expected = thb.compare_all(narrow(panel).take(rows)), thb.compare_all(panel.take(rows))
    assert np.array_equal(result.verdicts, expected.verdicts)
    pd.testing.assert_frame_equal(result.to_frame(), expected.to_frame())


def test_concatenated_narrow_panels_keep_their_numbers(panel: Panel) -> None:
    parts = [narrow(panel).take(np.arange(start, start + 100)) for start in (0, 100, 200)]
    pd.testing.assert_frame_equal(Panel.concat(parts).to_frame(), panel.to_frame())
