"""Claims, and the contradictions between their fields."""

import pytest

from tests.rows import check_rows
from thbstats.claims import Claim
from thbstats.errors import InvalidValue, UnknownName
from thbstats.values import Percent, Period

OF_SEXUAL = {"exploitation": "sexual"}
RANKING = {
    "kind": "ranking",
    "printed": "two",
    "base_dimension": "citizenship",
    "ranks": ["RO", "HU"],
}
CHANGE = {"kind": "change", "printed": "12 %", "period": "2015"}


def claim(**fields):
    values = {
        "id": "c",
        "section": "II",
        "paragraph": "bullet 1",
        "kind": "count",
        "printed": "9 759",
        "subject": "victims",
    }
    return Claim(**(values | fields))


def share(**fields):
    return claim(**({"kind": "share", "printed": "56%", "category": {"sex": "female"}} | fields))


def test_fields_are_read_from_published_texts():
    def check(made, expected):
        assert {name: getattr(made, name) for name in expected} == expected

    uk = share(category={"exploitation": "forced labour"}, area="UK", period="~2014-2016")
    part = share(category=OF_SEXUAL, of=OF_SEXUAL | {"area": "EU28"}, area="UK")
    people = {"offence": "trafficking", "sex": "F"}
    rows = [
        (claim(), {"count": 9759, "percent": None, "period": Period.not_stated(), "runs": ()}),
        (claim(), {"reporters": None, "n_reporters": None}),
        (
            Claim(id="c", section="II", kind="count", printed="5", subject="victims"),
            {"paragraph": ""},
        ),
        (claim(printed="three"), {"count": 3}),
        (share(printed="75 %"), {"percent": Percent("75 %"), "count": None}),
        (share(printed="", wording="The majority"), {"percent": None, "count": None}),
        (claim(printed="", wording="numerous"), {"count": None}),
        (
            claim(wording="some States ... on the rise"),
            {"runs": ("some States", "on the rise")},
        ),
        (uk, {"category": {"exploitation": "labour"}, "area": "UK"}),
        (uk, {"period": Period.parse("~2014-2016")}),
        (claim(area="EU28 without United Kingdom"), {"area": "EU28 without UK"}),
        (claim(reporters=3), {"n_reporters": 3}),
        (claim(reporters=["Greece", "BE", "EL"]), {"reporters": ("BE", "EL"), "n_reporters": 2}),
        (claim(reporters=["BE"]), {"n_reporters": 1}),
        # The numerator can have a smaller area.
        (part, {"of": OF_SEXUAL | {"area": "EU28"}}),
        # Institutions are counted by any dimension.
        (
            claim(subject="institutions", category=people),
            {"category": {"offence": "trafficking", "sex": "female"}},
        ),
        (claim(**RANKING), {"ranks": ("RO", "HU"), "count": 2, "ordered": False}),
        (claim(**RANKING, ordered=True), {"ordered": True}),
        (claim(at_least=True), {"count": 9759}),
        (claim(base="known", base_dimension="exploitation"), {"base": "known"}),
        *(
            (claim(**CHANGE | {"period": period, "since": "2017-2018"}), {
                "since": Period.calendar(2017, 2018)})
            for period in ("2019", "2018-2019", "not stated")
        ),
    ]  # fmt: skip
    check_rows(check, rows)


def test_claim_can_be_a_key():
    assert len({claim(), claim(), claim(id="d")}) == 2


def test_fields_that_contradict_each_other_are_refused():
    def check(fields, message, error=InvalidValue):
        with pytest.raises(error, match=message):
            claim(**fields)

    earlier = "must start before the period 2015"
    rows = [
        ({"kind": "share"}, "`printed`"),
        (
            {"kind": "share", "printed": "56%", "category": {"sex": "female"}, "of": OF_SEXUAL},
            r"must contain the codes of `of`.*'sexual'",
        ),
        # All contradictions are named at once.
        (
            {"ranks": ["sexual"], "category": {"stage": "convicted"}},
            r"`ranks`.*`category`",
        ),
        (RANKING | {"printed": "five"}, "as many items as `printed`, 'five', got 2"),
        (RANKING | {"base_dimension": ""}, "must have `ranks` and `base_dimension`"),
        (RANKING | {"ranks": ["Romania", "Hungary"]}, r"Use \['RO', 'HU'\]"),
        (RANKING | {"ranks": ["RO", "RO"]}, r"Use \['RO'\]"),
        (RANKING | {"ranks": ["RO", "sexual"]}, "`ranks`", UnknownName),
        (
            {"printed": "", "wording": "many", "at_least": True},
            "must be set only for a count or a share",
        ),
        ({"base": "known"}, "must be set for a count with base"),
        *(
            (CHANGE | {"since": since}, earlier)
            for since in ("2016", "2018", "2015-07-01/2016-06-30")
        ),
    ]
    check_rows(check, rows)
