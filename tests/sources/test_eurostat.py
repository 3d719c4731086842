"""The Eurostat crosswalk."""

from datetime import date

import pytest

from thbstats.errors import ThbstatsError
from thbstats.records import KINDS, schema_of
from thbstats.sources import _eurostat


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("11/06/26 23:00:00", date(2026, 6, 11)),
        ("11/06/2026", date(2026, 6, 11)),
        ("2026-06-11T11:00:00+0200", date(2026, 6, 11)),
        ("31/02/26", None),
        ("2026-13-01", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_day_of_an_update_is_read_or_missing(text: str, day: date | None) -> None:
    assert _eurostat.day_of(text) == day


def words() -> list[tuple[str, str]]:
    """Return every target of the crosswalk."""
    pairs = []
    for crosswalk in _eurostat.DIMENSIONS.values():
        for word in crosswalk.recode.values():
            targets = word if isinstance(word, dict) else {crosswalk.target: word}
            pairs += [(name, text) for name, text in targets.items() if text is not None]
    return sorted(set(pairs))


@pytest.mark.parametrize(("name", "text"), words())
def test_every_target_of_the_crosswalk_is_a_category(name: str, text: str) -> None:
    if name == "table":
        assert text in KINDS
        return
    dimensions = [s[name] for s in map(schema_of, KINDS) if name in s.names]
    assert dimensions
    for dimension in dimensions:
        assert dimension.parse(text) == text


@pytest.mark.parametrize(
    ("unit", "known"),
    [("NR", True), ("PC", True), ("PC_TOT", True), ("P_HTHAB", True), ("THS_PER", False)],
)
def test_star_in_a_code_matches_any_text(unit: str, known: bool) -> None:
    assert (unit in _eurostat.DIMENSIONS["unit"].select([unit])) is known


def test_known_synonym_is_not_recoded_to_another_category() -> None:
    for crosswalk in _eurostat.DIMENSIONS.values():
        if crosswalk.target in ("sex", "age", "citizenship"):
            dimension = schema_of("victims")[crosswalk.target]
            # SDMX's own codes start with an underscore; _X is "not specified", our X another.
            plain = {c: w for c, w in crosswalk.recode.items() if not c.startswith("_")}
            for code, word in plain.items():
                try:
                    assert dimension.parse(code) == word
                except ThbstatsError:
                    continue
