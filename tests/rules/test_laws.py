"""Laws of all rules: columns agree with single rows, and every level has words."""

import pickle
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.rules.panels import (
    VICTIMS,
    Row,
    count,
    interval,
    justice,
    panel,
    parts,
    printed,
    protection,
    rate,
    ratio,
    share,
    victims,
)
from thbstats.geography import Area
from thbstats.panel import Contradiction, CountKind, Status, Suppression
from thbstats.records import CountingRules, Source
from thbstats.rules import ALL, NO_VALUE, apply_rules
from thbstats.rules.families import rules_with
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import DEFAULTS, Level
from thbstats.values import Interval

AREAS = ("BE", "FR", "UK", "BE+FR", "BE+FR+UK")
PERIODS = ("2009", "2015", "2016", "2015-2016", "not stated")
SOURCES = (
    Source(title="Eurostat crim_thb_vsex", publisher="Eurostat"),
    Source(title="National Referral Mechanism statistics", publisher="Home Office"),
    Source(title="A national report", publisher="UNODC", published="2019-01-01"),
)
KINDS = (
    VICTIMS,
    victims("detected"),
    victims("", "cases"),
    victims(age_concept="at_entry"),
    justice("convicted"),
    justice("prosecuted", "prosecutions"),
    justice("", ""),
    protection(),
    CountKind("cooperation"),
)
CATEGORIES: tuple[tuple[tuple[str, str], ...], ...] = (
    (("sex", "female"),),
    (("age", "child"),),
    (("exploitation", "forced_begging"),),
    (("citizenship", "eu"),),
    (),
)
RULES = rules_with(
    [
        CountingRules(about="victims", reporter="BE", moment="referral", source="Ministry"),
        CountingRules(
            about="victims",
            reporter="FR",
            moment="complaint",
            source="Code",
            valid_from="2016-01-01",
        ),
    ]
)
NUMBER_RULES = [rule for rule in RULES if rule.scope == "number"]
PAIR_RULES = [rule for rule in RULES if rule.scope == "pair"]


def counts(limit: int) -> st.SearchStrategy[Interval]:
    points = st.integers(0, limit).map(Interval.point)
    return points | st.just(Interval(0, 4)) | st.just(Interval.at_least(0))


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """Return the fields of a number of any kind, with and without everything that rules read."""
    area = draw(st.sampled_from(AREAS))
    members = sorted(Area.parse(area).members)
    given_members = [member for member in members if draw(st.booleans())]
    contradictions = draw(
        st.sampled_from(
            ((), ("discrepancy",), ("contradictory",), ("conflicting", "REPAIRED_CONFLICT"))
        )
    )
    more: dict[str, Any] = {
        "reporters": draw(st.sampled_from((None, given_members, members))),
        "expected": draw(st.sampled_from((None, members))),
        "n_reporters": draw(st.sampled_from((None, len(given_members)))),
        "sources": tuple(draw(st.lists(st.sampled_from(SOURCES), max_size=2, unique=True))),
        "flags": draw(st.sampled_from(("", "b", "d", "ep", "u", "r", "c"))),
        "breaks": draw(st.sampled_from((frozenset(), frozenset({("BE", "2016")})))),
        "status": draw(st.sampled_from((*[Status.OK] * 6, *Status))),
        "contradictions": tuple(
            Contradiction(area=members[0], code=code, text="3 of 2") for code in contradictions
        ),
        "suppression": draw(
            st.sampled_from(
                (None, Suppression(cells=1, areas=frozenset(members), counts=Interval(0, 4)))
            )
        ),
    }
    shape = draw(st.sampled_from(("share", "ratio", "count")))
    if draw(st.booleans()):
        sides = {member: (draw(st.integers(0, 60)), draw(st.integers(0, 60))) for member in members}
        more["parts"] = parts(shape, [member in given_members for member in members], **sides)
    period, counted = draw(st.sampled_from(PERIODS)), draw(st.sampled_from(KINDS))
    match draw(st.sampled_from((shape, shape, "rate", "printed"))):
        case "rate":
            return rate(area, "2015")
        case "printed":
            return printed("56", area=area, category=draw(st.sampled_from(CATEGORIES)))
        case "count":
            return count(draw(counts(300)), area, period, numerator_kind=counted, **more)
        case "ratio":
            against = draw(st.sampled_from(KINDS))
            return ratio(
                draw(counts(99)),
                draw(st.integers(1, 300)),
                area,
                period,
                kind=draw(st.sampled_from(("ratio", "per_100"))),
                numerator_kind=counted,
                denominator_kind=against,
                **more,
            )
    part, remainder = draw(counts(99)), draw(st.integers(0, 300))
    return share(
        part,
        part + interval(remainder),
        area,
        period,
        rule=draw(st.sampled_from(("all", "known", "not_stated"))),
        dimension=draw(st.sampled_from(((), ("sex",), ("age",), ("exploitation",)))),
        overlap=draw(st.sampled_from(("exclusive", "overlapping", "not_stated"))),
        category=draw(st.sampled_from(CATEGORIES)),
        unknown=draw(st.none() | counts(50)),
        discrepancy=draw(st.none() | st.integers(-3, 3).map(Interval.point)),
        numerator_kind=counted,
        denominator_kind=counted,
        **more,
    )


numbers_of_any_kind = st.lists(rows(), min_size=3, max_size=6)


@given(numbers_of_any_kind)
@examples(30)
def test_a_panel_has_the_levels_of_its_rows(fields: list[Row]) -> None:
    numbers = panel(*fields)
    for rules in (None, RULES):
        alone = [
            apply_rules(numbers.take([i]), rules=rules).levels[:, 0] for i in range(len(numbers))
        ]
        assert apply_rules(numbers, rules=rules).levels.T.tolist() == np.array(alone).tolist()
    for rule in NUMBER_RULES:
        codes = rule.check(numbers, DEFAULTS)
        assert codes.dtype == np.int8
        assert set(codes.tolist()) <= {-3, -2, -1, 0, 1}


@given(numbers_of_any_kind)
@examples(30)
def test_every_level_of_a_number_has_a_text_and_explains_its_status(fields: list[Row]) -> None:
    numbers = panel(*fields)
    without = numbers.status != Status.OK
    hopeless = (numbers.status == Status.NO_DATA) | (numbers.status == Status.AMBIGUOUS)
    for rule in NUMBER_RULES:
        levels = rule.levels(numbers, DEFAULTS)
        assert not levels[hopeless if rule.explains_status else without].any(), rule.code
        for i in np.flatnonzero(levels).tolist():
            warning = rule.warn(numbers.row(i), DEFAULTS, levels[i])
            assert warning == rule.warn(numbers.take([i]).row(0), DEFAULTS, levels[i])
            assert warning.message
            assert warning.hint or levels[i] == Level.UNDOCUMENTED


@given(numbers_of_any_kind)
@examples(40)
def test_all_pairs_have_the_levels_of_single_pairs_with_texts(fields: list[Row]) -> None:
    """Each number alone with the next one and with itself; the texts of all pairs."""
    numbers = panel(*fields)
    size = len(numbers)
    first, second = (side.ravel() for side in np.indices((size, size)))
    pairs = Pairs(numbers, first, second)
    levels = {
        rule: rule.levels(pairs, DEFAULTS).reshape(size, size).tolist() for rule in PAIR_RULES
    }
    for i, j in (*((i, (i + 1) % size) for i in range(size)), (0, 0)):
        alone = Pairs(numbers.take([i, j]), np.array([0]), np.array([1]))
        for rule, square in levels.items():
            assert rule.levels(alone, DEFAULTS).tolist() == [square[i][j]], rule.code
            if square[i][j]:
                assert rule.warn(numbers.row(i), numbers.row(j), DEFAULTS, square[i][j]).message


def test_rules_are_pickled_by_name() -> None:
    assert pickle.loads(pickle.dumps((*RULES, *ALL, NO_VALUE))) == (*RULES, *ALL, NO_VALUE)
