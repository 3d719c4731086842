"""Messages and pickling of errors."""

import copy
import inspect
import pickle
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from thbstats import errors
from thbstats._signatures import explain_arguments
from thbstats.errors import (
    InvalidFile,
    InvalidValue,
    MissingFile,
    ThbstatsError,
    UnknownName,
    did_you_mean,
)

KINDS = [
    kind
    for kind in vars(errors).values()
    if inspect.isclass(kind) and kind.__module__ == errors.__name__
]
VICTIMS = thb.CountTable.from_rows(
    [("FR", 10, "total"), ("FR", 6, "female")],
    columns=["area", "value", "sex"],
    kind="victims",
    period=2020,
)
words = st.text(string.ascii_lowercase, min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ThbstatsError("it is wrong"), "it is wrong."),
        (ThbstatsError("it is wrong", hint="Change it"), "it is wrong. Change it"),
        (ThbstatsError("it is wrong", row=0), "row 0: it is wrong."),
        (ThbstatsError("it is wrong", row="DE 2015"), "DE 2015: it is wrong."),
        (ThbstatsError("must be right", field="sex"), "`sex` must be right."),
        (ThbstatsError("must be right", value=-1), "-1 must be right."),
        (
            ThbstatsError("must be right", value=int, field="n"),
            "`n` must be right, got an integer.",
        ),
        (
            ThbstatsError("must be right. The file is not", field="n", value=2),
            "`n` must be right, got 2. The file is not.",
        ),
        (ThbstatsError("no counts for US", field="area", value="US"), "No counts for US."),
        (
            ThbstatsError("the file must be short", field="a.csv", value=9),
            "`a.csv`: the file must be short, got 9.",
        ),
        (ThbstatsError("must be right"), "The value must be right."),
        (
            ThbstatsError("a sum must be 0", row="line 3", field="lower", value=-1),
            "line 3, `lower`: a sum must be 0, got -1.",
        ),
        (
            ThbstatsError("must be 0", row=3, field="lower", value=-1, hint="Change it"),
            "row 3: `lower` must be 0, got -1. Change it",
        ),
    ],
)
def test_a_message_has_row_field_value_and_hint_if_given(
    error: ThbstatsError, message: str
) -> None:
    assert str(error) == message


def test_an_error_has_the_parts_of_its_message_as_attributes() -> None:
    error = ThbstatsError("it is wrong", row=3, field="lower", value=-1, hint="Change it")
    assert (error.problem, error.row, error.field) == ("it is wrong", 3, "lower")
    assert (error.value, error.has_value, error.hint) == (-1, True, "Change it")


def test_a_hint_function_is_called_once_when_the_hint_is_read() -> None:
    calls: list[int] = []

    def hint() -> str:
        calls.append(1)
        return "Change it"

    error = ThbstatsError("it is wrong", hint=hint).with_location(row=3)
    assert calls == []
    assert str(error) == "row 3: it is wrong. Change it"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert error.hint == "Change it"
    assert calls == [1]


def test_an_error_without_value_differs_from_an_error_with_none() -> None:
    without, none = ThbstatsError("it is wrong"), ThbstatsError("it is wrong", value=None)
    assert without.value is none.value is None
    assert (without.has_value, none.has_value) == (False, True)
    assert (without.row, without.field, without.hint) == (None, None, "")


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_is_public_and_a_thbstats_error(kind: type[Exception]) -> None:
    assert issubclass(kind, ThbstatsError)
    assert kind.__name__ in errors.__all__


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("InvalidValue", ValueError),
        ("UnknownName", ValueError),
        ("NoSuchCell", LookupError),
        ("AmbiguousCell", LookupError),
        ("DuplicateKey", ValueError),
        ("MixedTotals", ValueError),
        ("ImpossibleResult", ValueError),
        ("InvalidFile", ValueError),
        ("MissingExtra", ImportError),
    ],
)
def test_an_error_is_also_an_exception_of_python(name: str, kind: type[Exception]) -> None:
    with pytest.raises(kind, match="it is wrong"):
        raise getattr(errors, name)("it is wrong")


@pytest.mark.parametrize("kind", KINDS)
@given(
    row=st.none() | st.integers() | words,
    field=st.none() | words,
    value=st.none() | st.integers() | words,
    hint=words | st.just(""),
)
def test_an_error_survives_copying_and_pickling(kind: type[ThbstatsError], **parts: Any) -> None:
    error = kind("it is wrong", **parts)
    error.add_note("seen while reading a table")
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(other) is kind
        assert str(other) == str(error)
        assert other.args == error.args
        assert vars(other) == vars(error)


def test_a_pickled_error_without_value_has_no_value() -> None:
    other = pickle.loads(pickle.dumps(ThbstatsError("it is wrong")))
    assert not other.has_value
    assert str(other) == "it is wrong."


def test_a_pickled_missing_extra_has_its_message() -> None:
    error = errors.MissingExtra("matplotlib is not installed", hint="pip install thbstats[plot]")
    assert error.msg == str(error)
    assert pickle.loads(pickle.dumps(error)).msg == error.msg


# names that do not exist


def test_similar_names_are_suggested_and_other_names_are_not_listed() -> None:
    assert did_you_mean("labor", ["sexual", "labour", "other"]) == "Did you mean 'labour'?"


def test_three_similar_names_are_suggested_at_most() -> None:
    options = ["other_a", "other_b", "other_c", "other_d"]
    assert did_you_mean("other", options).count("'other_") == 3
    expected = "Did you mean 'labourer' or 'labour'?"
    assert did_you_mean("labores", ["labour", "labourer"]) == expected


def test_less_similar_names_are_not_suggested_with_a_similar_name() -> None:
    assert did_you_mean("Romnia", ["Dominica", "Romania", "Somalia"]) == "Did you mean 'Romania'?"


def test_names_are_listed_if_none_is_similar() -> None:
    assert did_you_mean("xyz", ["sexual", "labour"]) == "Use 'sexual' or 'labour'"
    assert did_you_mean("xyz", ["sexual"]) == "Use 'sexual'"


def test_hint_without_names() -> None:
    assert did_you_mean("sexual", []) == "Remove the name"


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (5, "Use '100', '101', '102', '103' or '104'"),
        (6, "Use one of '100', '101', '102', '103', '104' and 1 more"),
        (45, "Use one of '100', '101', '102', '103', '104' and 40 more"),
    ],
)
def test_five_names_are_listed_at_most(number: int, hint: str) -> None:
    assert did_you_mean("?", range(100, 100 + number)) == hint


@pytest.mark.parametrize(
    ("name", "synonym"),
    [
        ("gender", "sex"),
        ("Year", "period"),
        ("country", "area"),
        ("nationality", "citizenship"),
        ("form", "exploitation"),
        ("women", "female"),
        ("minors", "child"),
        ("all_countries", "World"),
        ("worldwide", "World"),
    ],
)
def test_a_synonym_is_suggested_if_it_exists(name: str, synonym: str) -> None:
    assert did_you_mean(name, ["format", "men", synonym]) == f"Did you mean {synonym!r}?"
    assert repr(synonym) not in did_you_mean(name, ["zzz"])


def test_a_keyword_argument_is_suggested_as_it_is_typed() -> None:
    names = ["sex", "age", "period"]
    assert did_you_mean("gender", names, is_keyword=True) == "Did you mean `sex=`?"
    assert did_you_mean("zzz", names, is_keyword=True) == "Use `sex=`, `age=` or `period=`"


@given(words, st.lists(words, max_size=50))
def test_a_hint_has_five_names_at_most(name: str, options: list[str]) -> None:
    assert did_you_mean(name, iter(options)).count("'") <= 10


@given(st.lists(words, min_size=1, max_size=50))
def test_a_name_that_exists_is_suggested(options: list[str]) -> None:
    names = [f"{option}_1" for option in options]
    expected = f"Did you mean {names[-1]!r}"
    assert expected in did_you_mean(names[-1], names)


def test_with_location_changes_only_the_location() -> None:
    error = UnknownName("no such word", value="femal", hint="Did you mean 'female'?")
    placed = error.with_location(row=3, field="sex")
    assert type(placed) is UnknownName
    assert str(placed) == "row 3, `sex`: no such word. Did you mean 'female'?"
    assert error.with_location(value=None).value is None
    assert not InvalidValue("wrong").with_location(row=1).has_value
    assert (error.row, error.field) == (None, None)


def test_a_problem_with_a_full_stop_gets_no_second_full_stop() -> None:
    assert str(InvalidFile("It is corrupted.", hint="Fetch it")) == "It is corrupted. Fetch it"
    assert str(InvalidFile("It is corrupted.")) == "It is corrupted."


@pytest.mark.parametrize(
    ("field", "location"),
    [
        ("n", "row 2, `n`: "),
        ("a", "row 2, `a`: "),
        ("value", "row 2, `value`: "),
        ("count", "row 2: "),
    ],
)
def test_a_column_is_named_unless_the_requirement_has_its_name_as_a_word(
    field: str, location: str
) -> None:
    problem = "a count must be an integer or a missing-value sign"
    error = InvalidValue(problem, row=2, field=field, value="x")
    assert str(error) == f"{location}{problem}, got 'x'."


def test_missing_file_names_a_similar_file_or_the_start_of_its_path(tmp_path: Path) -> None:
    (tmp_path / "victims.csv").write_text("a")
    similar = MissingFile.of_path(tmp_path / "victim.csv")
    assert similar.hint == f"Did you mean {str(tmp_path / 'victims.csv')!r}?"
    assert MissingFile.of_path(tmp_path / "z").hint == "Check the name of the file"
    assert MissingFile.of_path("z.csv").hint.startswith(
        "Check the name of the file; its path starts at"
    )
    folder = str(tmp_path / "none")
    hint = f"The folder {folder!r} does not exist: check its name"
    assert MissingFile.of_path(tmp_path / "none" / "a.csv").hint == hint
    assert isinstance(similar, FileNotFoundError)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: thb.rate(thb.CountTable), "`populations` must be passed to rate"),
        (thb.share, "`table` must be passed to share. Write share(table, base=...)"),
        (
            lambda: thb.ratio("table"),
            "`numerator` and `denominator` must be passed to ratio. Write "
            "ratio(table, numerator=..., denominator=...)",
        ),
        (lambda: thb.share("table", table="x"), "`table` must be passed to share once. Remove"),
        (lambda: thb.share("table", "female"), "Arguments of share after `table` must have a name"),
        (lambda: thb.read(None), "`data` must be a data frame, or the path of a file, got None"),
        (lambda: thb.read([1]), "`data` must be a data frame, or the path of a file, got a list"),
        (lambda: thb.Period("2016/17"), "Use Period.parse('2016/17')"),
        (lambda: thb.report("com-2018-77"), "No publication 'com-2018-77'. Did you mean"),
        (lambda: VICTIMS["DE"], "A CountTable has no selection with brackets"),
        (lambda: VICTIMS.to_frame() is thb.rate(VICTIMS, 5), "`populations` must be Populations"),
        (lambda: thb.rate(VICTIMS, "a.csv"), "`populations` must be Populations or a list"),
        (lambda: thb.write(1, VICTIMS), "`path` must be the path of the new file"),
        (lambda: thb.total(VICTIMS, by=5), "`by` must be the name of a dimension, or a list"),
        (
            lambda: thb.share(VICTIMS, sex="female"),
            '`base` must be "all", "known" or "responses". Use',
        ),
        (lambda: thb.conviction_to_prosecution(VICTIMS), "`table` must have counts of kind"),
        (
            lambda: thb.total(VICTIMS, by=["area", "sex"])["FR"],
            "A row has 2 categories (area, sex)",
        ),
        (lambda: thb.total(VICTIMS, by="area")["US"], "No row for US. The panel has 1 area"),
        (lambda: thb.collection.plan(None), "`plan` must be the name of a plan or a path"),
        (thb.Count, "`lower` must be passed to Count. Write Count(lower)"),
        (thb.Count.known, "`value` must be passed to Count.known. Write Count.known(value)"),
        (lambda: thb.Count(5, uper=9), "`uper` must be an argument of Count. Did you mean"),
        (lambda: thb.Area("FR"), "must be passed to Area. Use Area.parse('FR'), or Area.define"),
        (lambda: thb.Area.parse("FR", "DE"), "Area.parse takes no further arguments after `text`"),
        (lambda: thb.Panel(caption="a"), "`label`, `estimand` and 22 more must be passed to Panel"),
        (lambda: thb.read("a.csv", "tidy"), "after `data` must have a name. Write read(data, for"),
        (lambda: VICTIMS.where("DE"), 'where must have a name. Write where(area="DE")'),
        (lambda: thb.CountTable([1]), "`columns` must be the columns of another table, got a list"),
        (lambda: thb.Count(5) > 3, "Count does not support >. Use lower and upper"),
        (lambda: 1 - thb.total(VICTIMS), "Result does not support -. Use float(result)"),
        (lambda: VICTIMS + VICTIMS, "CountTable does not support +. Use CountTable.concat"),
        (lambda: thb.formulas.share([1, 2], [3, 4, 5]), "fit each other: `numerator` has 2, `den"),
    ],
)
def test_a_newcomer_reads_what_to_write(call: Callable[[], object], text: str) -> None:
    with pytest.raises(ThbstatsError) as caught:
        call()
    assert text in str(caught.value)


def test_an_attribute_of_other_libraries_has_a_hint() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'groupby'. Pass by=..."):
        VICTIMS.groupby  # noqa: B018
    with pytest.raises(AttributeError, match=r"no attribute 'iloc'. Use to_frame\(\)"):
        VICTIMS.iloc  # noqa: B018
    with pytest.raises(AttributeError, match=r"no attribute 'sex'$"):
        VICTIMS.sex  # noqa: B018


def test_an_error_in_a_function_is_not_an_error_of_its_arguments() -> None:
    with pytest.raises(TypeError, match="NoneType"):
        explain_arguments(lambda value: value + 1)(None)


def test_missing_name_of_the_package_has_a_hint() -> None:
    with pytest.raises(AttributeError, match=r"no attribute .shares.\. Did you mean .share."):
        thb.shares  # type: ignore[attr-defined] # noqa: B018
    with pytest.raises(AttributeError, match=r"Use 'disclosure.suppress'"):
        thb.suppress  # type: ignore[attr-defined] # noqa: B018
    with pytest.raises(AttributeError, match=r"no attribute .zzzz.$"):
        thb.zzzz  # type: ignore[attr-defined] # noqa: B018


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"thresholds": 0.9}, "`thresholds` must be Thresholds, got a number. Use thbstats.Thres"),
        ({"rules": "COVERAGE"}, "`rules` must contain rules, got 'C'. Use [rule for rule in"),
        ({"rules": ["COVERAGE"]}, "`rules` must contain rules, got 'COVERAGE'"),
    ],
)
def test_limits_and_rules_of_another_type_are_refused(options: dict[str, Any], text: str) -> None:
    with pytest.raises(ThbstatsError) as caught:
        thb.total(VICTIMS, **options)
    assert text in str(caught.value)
