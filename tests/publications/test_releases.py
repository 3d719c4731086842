"""Releases of other countries and years: every contradiction that the audit finds is a true one.

The figures were typed from the pages that each file names. Each contradiction below was recomputed
by hand; the comment has the arithmetic.
"""

from pathlib import Path

import pytest
from attrs import evolve

import thbstats as thb
from thbstats.auditing import Audit
from thbstats.claims import read_claims

FOLDER = Path(__file__).parent / "releases"
EXAMPLE = Path(__file__).parents[2] / "examples" / "eurostat_2024_01.toml"
FILES = {path.stem: path for path in (*FOLDER.glob("*.toml"), EXAMPLE)}

# 1,699 of 10,093 is 16.8%, and the page has 18% of all; of the 9,703 with a form it is 17.5%.
OF_ALL = ["victims", "other", "other-share"]
TRUE = {"eurostat_2024_01": OF_ALL}


def contradicted(audit: Audit) -> list[str]:
    return [item.claim.id for item in audit if str(item.verdict) == "contradicted"]


@pytest.mark.parametrize("name", sorted(FILES))
def test_claims_of_a_release_contradict_each_other_only_where_they_do(name: str):
    result = thb.audit(read_claims(FILES[name]))
    assert contradicted(result) == TRUE.get(name, [])


def test_all_claims_of_a_release_fit_one_table():
    assert contradicted(thb.audit(read_claims(FILES["eurostat_2025_04"]))) == []


def test_victims_with_several_forms_are_consistent_where_forms_overlap():
    """In Malta 7 + 6 + 3 forms are those of 12 victims."""
    malta = read_claims(FILES["malta_2020"])
    malta = evolve(malta, claims=malta.claims[:4])
    assert thb.bounds.Evidence([malta]).overlapping == set(malta.overlapping) == {"exploitation"}
    assert contradicted(thb.audit(malta)) == []
    # Sexual and labour exploitation alone are 13 of 12; the other 3 contradict nothing.
    wrong = contradicted(thb.audit(evolve(malta, overlapping=())))
    assert wrong == [claim.id for claim in malta.claims[:3]]
    with pytest.raises(thb.ThbstatsError, match="`overlapping`"):
        evolve(malta, overlapping=["forms"])


def test_nearly_100_is_not_100():
    """From 820 to 1,625 referrals is +98.2%, which the summary calls nearly 100%."""
    result = thb.audit(read_claims(FILES["nrm_2018"]))["uk-change"]
    assert str(result.verdict) == "not_assessable"
    assert result.message == (
        "The text has “nearly” before +100%. From 820 to 1,625 is +98.2%, not +100%."
    )


def test_regions_that_do_not_make_their_total_are_found():
    """The six regions have 14,897 prosecutions, and the page has a total of 14,894."""
    result = thb.audit(FOLDER / "tip_2017.csv", thousands=",")
    verdicts = {item.group: (str(item.verdict), item.message) for item in result.groups}
    assert verdicts["prosecutions"][0] == "contradicted"
    assert verdicts["prosecutions"][1].endswith("but the total is 14,894. This is 3 too many.")
    assert verdicts["convictions"][0] == "confirmed"


def test_a_rate_and_its_count_give_the_population():
    """The EU had about 449 million inhabitants, which lies inside."""
    rates = thb.audit(read_claims(FILES["eurostat_2025_04"]))
    assert rates["rate"].message == (
        "24 per 1,000,000 of 10,793 requires a population of 440,530,613 to 459,276,595."
    )
