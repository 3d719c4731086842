"""The claims file itself: that it can be read, and what its figures are by arithmetic."""

from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest

import thbstats
from thbstats.claims import read_claims
from thbstats.values import Interval, Percent

REPORT = read_claims(Path(thbstats.__file__).parent / "publications" / "com_2018_777.toml")


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("ii-victims", 20532),
        ("ii-formal-contact", 7503),
        ("ii-prosecutions", 5979),
        ("iii-2-convictions", 2927),
        ("ii-1-sexual-victims", 9759),
        ("iii-1-suspects", 2),
        ("iii-2-europol-messages", 8411),
        ("v-studies", 3),
        ("ii-working-papers", 2),
        ("ii-exercise", 4),
    ],
)
def test_counts_are_numbers_however_they_are_printed(name, count):
    assert REPORT.claim(name).count == count


def test_parts_published_as_a_whole_sum_to_100():
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for claim in REPORT.claims:
        if claim.makes:
            sums[claim.makes] += claim.percent.value
    assert dict(sums) == {"forms-ii": 1, "forms-ii-1": 1, "forms-without-uk": 1}


def test_a_group_has_one_whole():
    groups = defaultdict(set)
    for claim in REPORT.claims:
        groups[claim.makes].add((claim.area, claim.period, claim.base, claim.of, claim.subject))
    groups.pop("")
    assert {name: len(wholes) for name, wholes in groups.items()} == dict.fromkeys(groups, 1)


def test_the_forms_can_only_be_shares_of_those_with_a_recorded_form():
    total, sexual = REPORT.claim("ii-victims").count, REPORT.claim("ii-1-sexual-victims").count
    least = [Percent(text).numerators(total).lower for text in ("26%", "18%")]
    recorded = REPORT.claim("ii-1-sexual-share").percent.bases(sexual)
    assert recorded == Interval(17273, 17583)
    # Read as shares of all registered victims, labour and other would leave no room.
    assert sexual + sum(least) > recorded.upper


def test_every_figure_that_is_printed_twice_is_the_same():
    for first, second in [
        ("ii-prosecutions", "iii-2-prosecutions"),
        ("ii-convictions", "iii-2-convictions"),
        ("ii-sexual-share", "ii-1-sexual-share"),
        ("ii-labour-share", "ii-1-labour-share"),
        ("ii-other-share", "ii-1-other-share"),
    ]:
        assert REPORT.claim(first).printed == REPORT.claim(second).printed


def test_our_own_reading_of_a_base_is_marked():
    unprinted = {claim.id for claim in REPORT.claims if not claim.base_printed}
    assert "ii-sexual-share" in unprinted
    assert "ii-1-sexual-share" not in unprinted
    assert all(REPORT.claim(name).base == "known" for name in unprinted)


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("ii-2-selling-newborns", "selling_of_newborns"),
        ("ii-2-organs", "organ_removal"),
        ("ii-2-tissue", "tissue_removal"),
        ("ii-2-child-marriage", "child_marriage"),
    ],
)
def test_each_new_form_is_a_claim(name, category):
    claim = REPORT.claim(name)
    assert (claim.section, claim.category["exploitation"]) == ("II.2", category)


def test_the_western_balkans_are_a_claim_of_their_own():
    claim = REPORT.claim("iii-3-joint-teams-western-balkans")
    assert (claim.section, str(claim.direction)) == ("III.3", "up")
