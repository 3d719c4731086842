"""Claims files in three formats, and adversarial files."""

import gzip
import json
import sys
import tomllib
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rows import check_rows
from thbstats.claims import Problem, Publication, read_claims
from thbstats.errors import InvalidClaims, InvalidFile, InvalidValue, MissingExtra
from thbstats.files import Limits
from thbstats.publications import com_2018_777

TOML = """\
schema_version = 1

[report]
id = "made-up"
title = "A report"
published = 2018-12-03

[[claim]]
id = "one"
section = "II"
paragraph = "1"
kind = "count"
printed = "9 759"
subject = "victims"
category = { exploitation = "sexual", citizenship = "NO" }
reporters = ["NO", "RO"]
"""
YAML = """\
# yaml-language-server: $schema=claims-1.schema.json
schema_version: 1

report:
  id: made-up
  title: A report
  published: 2018-12-03

claim:
  - id: one
    section: II
    paragraph: "1"
    kind: count
    printed: 9 759
    subject: victims
    category: {exploitation: sexual, citizenship: NO}
    reporters: [NO, RO]
"""
JSON = json.dumps({"$schema": "claims-1.schema.json"} | tomllib.loads(TOML), default=str, indent=1)
FILES = {"toml": TOML, "yaml": YAML, "json": JSON}


def written(folder: Path, text: str | bytes, ending: str) -> Path:
    path = folder / f"made.{ending}"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems(path: Path, **options: Any) -> list[Problem]:
    with pytest.raises(InvalidClaims) as caught:
        read_claims(path, **options)
    return list(caught.value.problems)


def test_three_formats_give_the_same_claims(tmp_path: Path) -> None:
    toml, *others = (read_claims(written(tmp_path, text, name)) for name, text in FILES.items())
    assert others == [toml, toml]
    assert toml.claims[0].reporters == ("NO", "RO")
    assert str(toml.published) == "2018-12-03"


@pytest.mark.parametrize("format", ["json", "yaml"])
def test_whole_publication_is_the_same_in_each_format(format: str) -> None:
    from importlib.resources import files

    text = files("thbstats.publications").joinpath("com_2018_777.toml").read_text("utf-8")
    plain = json.loads(json.dumps(tomllib.loads(text), default=str))
    dumped = {
        "json": lambda: json.dumps(plain, indent=1),
        "yaml": lambda: yaml.safe_dump(plain, allow_unicode=True),
    }
    assert read_claims(dumped[format](), format=format) == com_2018_777()


def test_format_can_replace_a_file_extension(tmp_path: Path) -> None:
    path = written(tmp_path, YAML, "txt")
    assert isinstance(read_claims(path, format="yaml"), Publication)
    with pytest.raises(InvalidClaims, match=r"made\.txt:2:15: The value must be valid TOML"):
        read_claims(path)
    with pytest.raises(InvalidValue, match="Did you mean 'toml'"):
        read_claims(path, format="tmol")


# Each mistake with the line and the column in each format.
MISTAKES = [
    ('"count"', "count", "cuont", "`kind`", (12, 8), (13, 11)),
    ('"sexual"', "sexual", "sxual", "`category.exploitation`", (15, 29), (16, 30)),
    ('"RO"]', "RO]", "Atlantis]", "`reporters`", (16, 20), (17, 21)),
    ("paragraph", "paragraph", "paragraf", "`paragraf` must be a known", (11, 1), (12, 5)),
    (
        "exploitation",
        "exploitation",
        "form",
        "'form' must be a known dimension",
        (15, 14),
        (16, 16),
    ),
    ("2018-12-03", "2018-12-03", "2018-12-33", "`published`", (6, 13), (7, 14)),
]


LOCATED = [
    *(
        ("toml", (old, old.replace(old.strip('"]'), new.strip("]"))), message, position)
        for old, _, new, message, position, _ in MISTAKES[:5]
    ),
    *(("yaml", (old, new), message, position) for _, old, new, message, _, position in MISTAKES),
]


def test_mistake_has_its_line_and_column(tmp_path: Path) -> None:
    def check(
        ending: str, change: tuple[str, str], message: str, position: tuple[int, int]
    ) -> None:
        result = problems(written(tmp_path, FILES[ending].replace(*change), ending))
        [single] = [problem for problem in result if message in problem.message]
        record = "report" if "published" in message else "claim 'one'"
        place = f"{record}, `category.form`" if "dimension" in message else record
        line, column = (single.line, single.column)
        assert (line, column) == position
        assert str(single).startswith(f"{tmp_path}/made.{ending}:{line}:{column}: {place}: ")

    def check_json(old: str, new: str, message: str) -> None:
        old, new = old.strip('"]'), new.strip("]")
        text = JSON.replace(f'"{old}"', f'"{new}"')
        result = problems(written(tmp_path, text, "json"))
        [single] = [problem for problem in result if message in problem.message]
        tail = text.split("\n")[single.line - 1][single.column - 1 :]
        is_name = "must be a known" in single.message or "form" not in new
        assert tail.startswith(f'"{new}"' if is_name else '"form')

    check_rows(check, LOCATED)
    check_rows(check_json, [(m[0], m[2], m[3]) for m in MISTAKES])


def test_all_problems_are_reported_in_the_order_of_the_text(tmp_path: Path) -> None:
    for ending, plain in FILES.items():
        text = plain.replace("count", "cuont").replace("sexual", "sxual")
        text = text.replace("made-up", "Made up").replace("section", "sektion")
        lines = [(item.line, item.column) for item in problems(written(tmp_path, text, ending))]
        assert len(lines) == 5
        assert lines == sorted(lines)


def test_all_items_of_a_table_and_of_a_list_are_reported(tmp_path: Path) -> None:
    text = TOML.replace('"sexual"', '"sxual"').replace('"NO" }', '"Nowhere", form = "x" }')
    text = text.replace('["NO", "RO"]', '["Nowhere", 3, "RO"]')
    result = problems(written(tmp_path, text, "toml"))
    assert [problem.path[2:] for problem in result] == [
        ("category", "exploitation"),
        ("category", "citizenship"),
        ("category", "form"),
        ("reporters", 0),
        ("reporters", 1),
    ]


def test_contradictions_within_a_claim_are_reported_separately(tmp_path: Path) -> None:
    text = TOML.replace('kind = "count"', 'kind = "direction"\nmakes = "a"\nsince = "2015"')
    result = problems(written(tmp_path, text, "toml"))
    assert [(item.line, item.path[2:]) for item in result] == [
        (8, ("direction",)),
        (13, ("makes",)),
        (14, ("since",)),
        (15, ("printed",)),
    ]


def test_problem_as_data_has_a_pointer_and_no_objects() -> None:
    with pytest.raises(InvalidClaims) as caught:
        read_claims(TOML.replace('"9 759"', "9759"), name="made.toml")
    [single] = caught.value.problems
    assert json.loads(json.dumps(single.to_dict())) == {
        "file": "made.toml",
        "line": 13,
        "column": 11,
        "path": "/claim/0/printed",
        "record": "claim 'one'",
        "field": "printed",
        "value": "9759",
        "problem": "must be text",
        "hint": "Use quotes",
        "message": "claim 'one': `printed` must be text, got 9759. Use quotes",
    }


def test_other_types_are_not_converted_to_text(tmp_path: Path) -> None:
    def check(ending: str, printed: str, problem: str) -> None:
        text = "9 759" if ending == "yaml" else '"9 759"'
        [single] = problems(written(tmp_path, FILES[ending].replace(text, printed), ending))
        assert (single.error.field, single.error.problem) == ("printed", problem)

    null = "claim 'one': `printed` must not be null. Remove the field"
    rows = [
        *product(FILES, ["9759", "56.0", "true", "[]", "{}"], ["must be text"]),
        *product(["yaml", "json"], ["null"], ["must not be null"]),
    ]
    check_rows(check, rows)
    [single] = problems(written(tmp_path, YAML.replace("9 759", "null"), "yaml"))
    assert single.message == null


INVALID: list[tuple[str, str | bytes, str]] = [
    ("toml", "a = 1\n[report\n", "2:8: The value must be valid TOML: Expected ']'"),
    ("toml", 'a = 1\nb = "open', "must be valid TOML"),
    ("toml", "a = 1\na = 2\n", "2:6: The value must be valid TOML: Cannot overwrite a value"),
    ("json", '{"a": 1,\n "a": 2}', "2:2: The value must not have the name 'a' twice"),
    ("json", '{"a": 1,\n "b" 2}', "2:6: The file is not valid JSON"),
    ("json", '{"a": NaN}', "1:7: The file must not contain NaN"),
    ("json", '{"a": "\\ud800"}', "1:8: The file has a lone surrogate"),
    ("yaml", "a: 1\na: 2", "2:1: The value must not have the name 'a' twice. Remove one of them"),
    ("yaml", "a: 1\nb: [", "must be valid YAML: did not find expected node"),
    ("yaml", "a: &x [1]\nb: *x", "2:4: The value must not contain an alias. Repeat the value"),
    ("yaml", "a: 1\nb: !!python/object:os.system x", "2:4: The value must not contain a tag"),
    ("yaml", "a: 1\n---\nb: 1", "2:1: The value must contain one document. Use one"),
    ("yaml", "a: 1\nb: \x07", "2:4: YAML must not contain this character, got '\\x07'"),
    ("yaml", "? [a]\n: 1", "1:3: A name must be text"),
    ("yaml", "a: 1\n\tb: 1", "2:"),
    ("yaml", "", "1:1: file: a claims file must start with keys"),
    ("yaml", "- 1", "1:1: file: a claims file must start with keys"),
    ("json", "[1]", "1:1: file: a claims file must start with keys"),
    ("json", "", "1:1: The file is not valid JSON"),
    ("toml", "", "1:1: file: `schema_version` must be set. Use schema_"),
    (
        "toml",
        "schema_version = 2",
        "1:18: file: `schema_version` must be at most 1",
    ),
    ("toml", "schema_version = 'a'", "must be 1"),
    ("toml", b"a = 1\nb = '\xe9'", "2:1: The file must be encoded in utf-8. Save it as UTF-8"),
    ("yaml", "a: e".encode("utf-16-le"), "1:1: The file must be text without NUL"),
    ("json", b'{"a": "\xff"}', "1:1: The file must be encoded in utf-8"),
    ("toml", "a = " + "[" * 60 + "]" * 60, "must be nested at most 50 levels deep"),
    ("toml", "a." * 60 + "a = 1", "must be nested at most 50 levels deep"),
    ("json", '{"a":' * 60, "must be nested at most 50 levels deep"),
    ("yaml", "{a: " * 60, "must be nested at most 50 levels deep"),
]


def test_invalid_format_raises_with_its_position(tmp_path: Path) -> None:
    def check(ending: str, text: str | bytes, message: str) -> None:
        path = written(tmp_path, text, ending)
        [single] = problems(path)
        assert message in str(single)
        assert str(single).startswith(f"{path}:{single.line}:{single.column}: ")
        assert min(single.line, single.column) >= 1

    check_rows(check, INVALID)


def test_byte_order_mark_compression_and_line_ends_are_accepted(tmp_path: Path) -> None:
    for ending, plain in FILES.items():
        expected = read_claims(written(tmp_path, plain, ending))
        text = "\ufeff" + plain.replace("\n", "\r\n")
        assert read_claims(written(tmp_path, text, ending)) == expected
        assert read_claims(written(tmp_path, gzip.compress(plain.encode()), ending)) == expected
        [single] = problems(written(tmp_path, text.replace("count", "cuont"), ending))
        [other] = problems(written(tmp_path, plain.replace("count", "cuont"), ending))
        assert (single.line, single.column) == (other.line, other.column)


def test_file_beyond_the_limits_is_not_read(tmp_path: Path) -> None:
    path = written(tmp_path, TOML, "toml")
    with pytest.raises(InvalidFile, match="must have at most 10 bytes"):
        read_claims(path, limits=Limits(size=10))
    bomb = written(tmp_path, gzip.compress(b" " * 2**21), "toml")
    with pytest.raises(InvalidFile, match="must have at most 1048576 bytes"):
        read_claims(bomb)


def test_folder_and_missing_file_raise(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="got a folder"):
        read_claims(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_claims(tmp_path / "none.yaml")


@pytest.mark.untraced
def test_adversarial_file_raises_quickly(tmp_path: Path) -> None:
    for ending, text in [
        ("toml", "a." * 500_000 + "a = 1"),
        ("toml", "[" * 1_000_000),
        ("toml", 'a = "' + '\\"' * 500_000),
        ("toml", "a = '''" + "''a" * 300_000),
        ("json", '{"a": ' + "[" * 1_000_000),
        ("json", '{"a": "' + "\\" * 1_000_000),
        ("yaml", "{" * 1_000_000),
        ("yaml", "a: " + "- " * 500_000),
        ("yaml", "&a " * 300_000),
    ]:
        assert problems(written(tmp_path, text, ending)), text[:20]


def test_check_stops_after_a_thousand_problems(tmp_path: Path) -> None:
    names = "".join(f'"no {number} field" = 1\n' for number in range(1_500))
    for more in ("[[claim]]\n" * 1_500, names):
        result = problems(written(tmp_path, TOML + more, "toml"))
        assert len(result) == 1001
        assert result[-1].message == "The check stopped after 1000 problems. Correct these first"


def test_without_pyyaml_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert read_claims(written(tmp_path, TOML, "toml")).claims
    with pytest.raises(MissingExtra, match=r"Install thbstats\[yaml\], or use TOML"):
        read_claims(written(tmp_path, YAML, "yaml"))


def test_pyyaml_without_its_c_library_reads_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, YAML.replace("count", "cuont"), "yaml")
    quick = problems(path)
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert list(map(str, problems(path))) == list(map(str, quick))


def test_very_long_integer_raises_at_its_position() -> None:
    for number in ("9" * 5000, "-" + "9" * 19, "0x" + "f" * 5000, "1" + "_0" * 18):
        with pytest.raises(InvalidClaims, match=r"claims text:2:18: .*at most 18 digits") as caught:
            read_claims(f"# 1\nschema_version = {number}\n")
        assert len(str(caught.value)) < 200


def test_decimal_number_can_have_many_digits() -> None:
    with pytest.raises(InvalidClaims, match=r"`schema_version`"):
        read_claims("schema_version = 1.5" + "0" * 5000 + "\n")
